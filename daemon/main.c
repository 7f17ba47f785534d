/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sriovd: keeps SR-IOV PFs and their VFs as the policy in /etc/sriovd says. See sriovd(8). */

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "bus/service.h"
#include "files/last_good.h"
#include "instance.h"
#include "manager.h"
#include "policy/policy.h"
#include "util/directory.h"
#include "util/fd.h"
#include "util/heap.h"
#include "util/paths.h"
#include "util/runtime.h"
#include "util/text.h"

#define DIRECTORIES_MAX 16

/* The exit codes of sriovctl(1), as far as a daemon can have them. */
enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_BLOCKED = 4 };

struct arguments {
	bool once;
	const char *root;
	const char *directories[DIRECTORIES_MAX];
	size_t n_directories;
};

DEFINE_CLEANUP(sd_event *, sd_event_unref);

static void print_help(void)
{
	(void)printf(
		"sriovd [OPTION]...\n"
		"Keeps SR-IOV PFs and their VFs as the policy says.\n\n"
		"  --once         apply the policy and exit\n"
		"  --policy DIR   read this directory, and not the standard ones (repeatable)\n"
		"  --root DIR     read the policy below this directory\n"
		"  -h, --help     show this text\n"
		"  --version      show the version\n\n"
		"--once exits with 0 if every PF is as the policy says, 1 if one is not, 2 if the\n"
		"policy has an error, 4 if a step is blocked.\n\n"
		"See sriovd(8) and sriovd.yaml(5).\n");
}

/* Whether the directory that an option names is there. */
static bool is_there(const char *option, const char *path)
{
	CLEANUP_TEXT struct text text = { 0 };
	int r = directory_check(path);

	if (r >= 0)
		return true;
	text_append_quoted(&text, path);
	log_message(log_process(), LOG_ERR, NULL, "%s %s: %s", option, text_string(&text),
		    strerror(-r));
	return false;
}

/* Whether what is named is there. A daemon may be started before a directory of its policy is. */
static bool are_there(const struct arguments *arguments)
{
	CLEANUP_TEXT struct text path = { 0 };
	const char *root = arguments->root ? arguments->root : "";
	bool all = true;

	if (arguments->root && !is_there("--root", arguments->root))
		return false;
	for (size_t i = 0; i < arguments->n_directories; i++) {
		text_clear(&path);
		text_printf(&path, "%s%s%s", root, *root ? "/" : "", arguments->directories[i]);
		if (!path.failed && !is_there("--policy", text_string(&path)))
			all = false;
	}
	return all || !arguments->once;
}

/* Returns -1 to go on, or the exit code. */
static int parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct option options[] = {
		{ "once", no_argument, NULL, 'o' },
		{ "policy", required_argument, NULL, 'p' },
		{ "root", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	CLEANUP_TEXT struct text text = { 0 };
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) >= 0) {
		switch (option) {
		case 'o':
			arguments->once = true;
			break;
		case 'p':
			if (arguments->n_directories == DIRECTORIES_MAX) {
				(void)fprintf(stderr, "sriovd: at most %d times --policy\n",
					      DIRECTORIES_MAX);
				return EXIT_USAGE;
			}
			arguments->directories[arguments->n_directories++] = optarg;
			break;
		case 'r':
			arguments->root = optarg;
			break;
		case 'h':
			print_help();
			return EXIT_OK;
		case 'V':
			(void)printf("sriovd %s\n", SRIOVD_VERSION);
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind == argc)
		return are_there(arguments) ? -1 : EXIT_USAGE;
	text_append_quoted(&text, argv[optind]);
	(void)fprintf(stderr, "sriovd: unexpected argument '%s'; see sriovd --help\n",
		      text_string(&text));
	return EXIT_USAGE;
}

static int on_hangup(sd_event_source *source, const struct signalfd_siginfo *info, void *context)
{
	(void)source;
	(void)info;
	log_message(log_process(), LOG_INFO, NULL, "SIGHUP: reading the policy again");
	(void)manager_reload(context);
	return 0;
}

static int on_terminate(sd_event_source *source, const struct signalfd_siginfo *info, void *context)
{
	(void)source;
	(void)info;
	(void)sd_notify(false, "STOPPING=1");
	manager_stop(context);
	return 0;
}

static int add_signals(sd_event *event, struct manager *manager)
{
	static const struct {
		int number;
		sd_event_signal_handler_t handler;
	} signals[] = { { SIGHUP, on_hangup },
			{ SIGTERM, on_terminate },
			{ SIGINT, on_terminate } };
	sigset_t mask;
	int r = 0;

	(void)sigemptyset(&mask);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		(void)sigaddset(&mask, signals[i].number);
	if (sigprocmask(SIG_BLOCK, &mask, NULL) < 0)
		return -errno;
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(signals); i++)
		r = sd_event_add_signal(event, NULL, signals[i].number, signals[i].handler,
					manager);
	return r;
}

static int exit_code(const struct manager *manager)
{
	enum pf_state worst = manager_worst_state(manager);

	if (worst == STATE_BLOCKED && manager_is_blocked(manager))
		return EXIT_BLOCKED;
	/* Applying: not even looked at. */
	return worst <= STATE_DRIFTED && worst != STATE_APPLYING ? EXIT_OK : EXIT_FAILED;
}

/* The first that systemd gives, or the usual one. What is read for once, or from elsewhere, is not
 * what this host shall fall back on. */
static const char *state_directory(const struct arguments *arguments)
{
	char *directory = getenv("STATE_DIRECTORY");

	if (arguments->once || arguments->n_directories || arguments->root)
		return NULL;
	if (!directory || *directory != '/')
		return LAST_GOOD_DIRECTORY;
	return strsep(&directory, ":");
}

static void on_changed(void *context)
{
	service_refresh(context);
}

static void on_pass_ended(void *context, const struct reconciler *reconciler,
			  const struct pass *pass)
{
	service_pass_ended(context, reconciler, pass);
}

/* Offers the manager on the bus. */
static int serve(sd_event *event, struct manager *manager, bool replace, struct service **ret)
{
	static const struct manager_calls calls = { on_changed, on_pass_ended };
	int r = service_new(event, manager, replace, log_process(), ret);

	if (r >= 0)
		manager_set_calls(manager, &calls, *ret);
	return r;
}

/* Runs until a signal ends it, or with once until the first passes are done. Returns the exit code
 * or -errno. With replace an earlier instance hangs, which has the name on the bus. */
static int run(const struct manager_options *options, bool replace)
{
	CLEANUP(sd_event_unref_cleanup) sd_event *event = NULL;
	struct manager *manager = NULL;
	struct service *service = NULL;
	int r = sd_event_new(&event);

	if (r >= 0)
		r = manager_new(event, options, log_process(), &manager);
	if (r >= 0)
		r = add_signals(event, manager);
	if (r >= 0)
		r = sd_event_set_watchdog(event, true);
	if (r >= 0)
		r = manager_start(manager);
	if (r == 0 && !options->once)
		r = serve(event, manager, replace, &service);
	if (r == 0)
		r = sd_event_loop(event);
	else if (r == MANAGER_BAD_POLICY)
		r = EXIT_USAGE;
	if (r == 0 && options->once)
		r = exit_code(manager);
	/* Nobody is to wait for answers of a process that ends without being able to exit. */
	service_free(service);
	/* A thread that the kernel does not let go still uses all of it. */
	if (manager && manager_is_busy(manager))
		_exit(r < 0 ? EXIT_FAILED : r);
	manager_free(manager);
	return r;
}

/* Whether this may be the daemon of the host, which it is as long as it has the descriptor. */
static bool claim(int *ret_fd, pid_t *ret_hangs)
{
	pid_t other = 0;
	int r = instance_claim(RUNTIME_DIRECTORY, ret_fd, ret_hangs, &other);

	if (r == -EBUSY)
		log_message(
			log_process(), LOG_ERR, NULL,
			"another sriovd runs, process %d; 'systemctl stop sriovd' or SIGTERM ends "
			"it",
			(int)other);
	else if (r < 0)
		log_message(log_process(), LOG_ERR, NULL, "cannot lock %s: %s", RUNTIME_DIRECTORY,
			    strerror(-r));
	else if (*ret_hangs)
		log_message(log_process(), LOG_WARNING, NULL,
			    "an earlier sriovd, process %d, hangs in the kernel and is replaced",
			    (int)*ret_hangs);
	return r >= 0;
}

int main(int argc, char **argv)
{
	CLEANUP_FD int claimed = -1;
	pid_t hangs = 0;
	struct arguments arguments = { 0 };
	struct manager_options options = { .lock_dir = RUNTIME_DIRECTORY };
	int r = parse_arguments(argc, argv, &arguments);

	if (r >= 0)
		return r;
	if (geteuid() != 0) {
		(void)fputs("sriovd: must be root; 'sriovctl plan' shows what would be done\n",
			    stderr);
		return EXIT_FAILED;
	}
	heap_configure();
	r = runtime_make(RUNTIME_DIRECTORY);
	if (r < 0) {
		log_message(log_process(), LOG_ERR, NULL,
			    "cannot use %s, where the locks of PFs are: %s", RUNTIME_DIRECTORY,
			    runtime_error(r));
		return EXIT_FAILED;
	}
	if (!arguments.once && !claim(&claimed, &hangs))
		return EXIT_FAILED;
	options.once = arguments.once;
	options.state_dir = state_directory(&arguments);
	options.policy = (struct policy_source_options){
		.directories = arguments.n_directories ? arguments.directories : policy_directories,
		.n_directories = arguments.n_directories ? arguments.n_directories
							 : ARRAY_SIZE(policy_directories),
		.root = arguments.root,
		.trusted_only = !arguments.n_directories,
	};
	r = run(&options, hangs != 0);
	if (r < 0) {
		log_message(log_process(), LOG_ERR, NULL, "sriovd cannot run: %s", strerror(-r));
		return EXIT_FAILED;
	}
	return r;
}
