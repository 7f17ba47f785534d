/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/daemon.h"

#include <errno.h>
#include <json-c/json_tokener.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "util/bus_names.h"
#include "util/clock.h"
#include "util/paths.h"

/* The daemon waits 0.7 s for a fresh look at most; a machine may be slow. */
#define ANSWER_TIMEOUT_US UINT64_C(10000000)
/* Somebody may have to be asked for a password first: sriovd waits a minute. */
#define PASSWORD_TIMEOUT_US UINT64_C(70000000)
/* Who is turned away is so at once. */
#define GREETING_TIMEOUT_US UINT64_C(2000000)
/* sd-bus itself waits 90 s for who is to accept a connection. */
#define ACCEPT_TIMEOUT_MS 5000
#define US_PER_S	  UINT64_C(1000000)

struct daemon {
	sd_bus *bus;
	uint64_t answer_us; /* how long to wait for what is to be described; 0: the usual time */
	struct text error;  /* of the latest call */
};

DEFINE_CLEANUP(sd_bus_message *, sd_bus_message_unref);
#define CLEANUP_MESSAGE CLEANUP(sd_bus_message_unref_cleanup)

int daemon_open_bus(struct daemon **ret)
{
	CLEANUP(daemon_close_cleanup)
	struct daemon *self = MEMORY_REQUIRE(calloc(1, sizeof(*self)));
	int r = sd_bus_open_system(&self->bus);

	if (r == -ENOMEM)
		memory_exhausted();
	if (r < 0)
		return r == -ENOENT || r == -ECONNREFUSED ? -ENOTCONN : r;
	*ret = TAKE(self);
	return 0;
}

/* Begins, and waits until it is accepted: by who has stopped it never is. */
static int start(sd_bus *bus)
{
	uint64_t end = clock_ms() + ACCEPT_TIMEOUT_MS, now;
	int r = sd_bus_start(bus);

	while (r >= 0 && (r = sd_bus_is_ready(bus)) == 0) {
		r = sd_bus_process(bus, NULL);
		now = clock_ms();
		if (r == 0 && now >= end)
			return -ETIMEDOUT;
		if (r == 0)
			r = sd_bus_wait(bus, (end - now) * 1000);
	}
	return r;
}

/* Begins, and asks for a sign of life: who answers as many as he can already has accepted the
 * connection and ended it at once. One who is slow is there. */
static int greet(sd_bus *bus)
{
	int r = start(bus);

	if (r == -ETIMEDOUT)
		return r;
	if (r >= 0)
		r = sd_bus_call_method(bus, BUS_NAME, "/", "org.freedesktop.DBus.Peer", "Ping",
				       NULL, NULL, NULL);
	if (r == -ECONNRESET || r == -ENOTCONN || r == -EPIPE)
		return -EUSERS;
	return r == -ETIMEDOUT ? 0 : r;
}

/* -EUSERS: too many ask him already; -ETIMEDOUT: he does not take the connection; another -errno:
 * nobody is there. */
static int open_root_socket(struct daemon **ret)
{
	CLEANUP(daemon_close_cleanup)
	struct daemon *self = MEMORY_REQUIRE(calloc(1, sizeof(*self)));
	int r = sd_bus_new(&self->bus);

	if (r >= 0)
		r = sd_bus_set_address(self->bus, "unix:path=" ROOT_SOCKET);
	if (r >= 0)
		r = sd_bus_set_method_call_timeout(self->bus, GREETING_TIMEOUT_US);
	if (r >= 0)
		r = greet(self->bus);
	if (r == -ENOMEM)
		memory_exhausted();
	if (r < 0)
		return r;
	*ret = TAKE(self);
	return 0;
}

int daemon_open(struct daemon **ret)
{
	bool may_ask_directly = geteuid() == 0 && !secure_getenv("DBUS_SYSTEM_BUS_ADDRESS");
	int direct = may_ask_directly ? open_root_socket(ret) : -ENOTCONN;
	int r = direct < 0 ? daemon_open_bus(ret) : 0;

	return r < 0 && (direct == -EUSERS || direct == -ETIMEDOUT) ? direct : r;
}

void daemon_set_patience(struct daemon *self, unsigned seconds)
{
	self->answer_us = seconds * US_PER_S;
}

static uint64_t patience(const struct daemon *self)
{
	return self->answer_us ? self->answer_us : ANSWER_TIMEOUT_US;
}

void daemon_close(struct daemon *self)
{
	if (!self)
		return;
	/* To flush is to wait until it is accepted. */
	if (self->bus && sd_bus_is_ready(self->bus) > 0)
		(void)sd_bus_flush(self->bus);
	sd_bus_close_unref(self->bus);
	text_clear(&self->error);
	free(self);
}

/* What errors mean to the caller; others mean that the call failed. */
static int meaning_of(const char *name)
{
	static const struct {
		const char *name;
		int error;
	} meanings[] = {
		{ SD_BUS_ERROR_SERVICE_UNKNOWN, -ENOENT },
		{ SD_BUS_ERROR_NAME_HAS_NO_OWNER, -ENOENT },
		{ SD_BUS_ERROR_ACCESS_DENIED, -EACCES },
		{ SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED, -EACCES },
		{ SD_BUS_ERROR_NO_REPLY, -ETIMEDOUT },
		{ SD_BUS_ERROR_TIMEOUT, -ETIMEDOUT },
		{ BUS_ERROR_NO_SUCH_PF, -ENODEV },
		{ BUS_ERROR_BAD_POLICY, -EINVAL },
	};

	for (size_t i = 0; name && i < ARRAY_SIZE(meanings); i++)
		if (!strcmp(name, meanings[i].name))
			return meanings[i].error;
	return -EIO;
}

static int call(struct daemon *self, sd_bus_message *message, uint64_t timeout_us,
		sd_bus_message **ret)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r = sd_bus_call(self->bus, message, timeout_us, &error, ret);

	if (r >= 0)
		return 0;
	text_clear(&self->error);
	text_append_escaped(&self->error, error.message ? error.message : strerror(-r));
	r = meaning_of(error.name);
	sd_bus_error_free(&error);
	return r;
}

static int new_call(struct daemon *self, const char *method, sd_bus_message **ret)
{
	return sd_bus_message_new_method_call(self->bus, ret, BUS_NAME, BUS_MANAGER_OBJECT,
					      BUS_MANAGER_INTERFACE, method);
}

static int append_pfs(sd_bus_message *message, char *const *pfs, size_t n_pfs)
{
	int r = sd_bus_message_open_container(message, SD_BUS_TYPE_ARRAY, "s");

	for (size_t i = 0; r >= 0 && i < n_pfs; i++)
		r = sd_bus_message_append_basic(message, SD_BUS_TYPE_STRING, pfs[i]);
	return r < 0 ? r : sd_bus_message_close_container(message);
}

/* Makes the call, whose answer is a document. */
static int call_for_document(struct daemon *self, sd_bus_message *message, uint64_t timeout_us,
			     struct json_object **ret)
{
	CLEANUP_MESSAGE sd_bus_message *reply = NULL;
	struct json_object *document;
	const char *text;
	int r = call(self, message, timeout_us, &reply);

	if (r < 0)
		return r;
	if (sd_bus_message_read(reply, "s", &text) < 0)
		return -EIO;
	document = json_tokener_parse(text);
	if (!document)
		return -EIO;
	*ret = document;
	return 0;
}

int daemon_describe(struct daemon *self, char *const *pfs, size_t n_pfs, struct json_object **ret)
{
	CLEANUP_MESSAGE sd_bus_message *message = NULL;
	int r = new_call(self, "Describe", &message);

	if (r >= 0)
		r = append_pfs(message, pfs, n_pfs);
	return r < 0 ? r : call_for_document(self, message, patience(self), ret);
}

int daemon_describe_path(struct daemon *self, const char *path, struct json_object **ret)
{
	CLEANUP_MESSAGE sd_bus_message *message = NULL;
	int r = sd_bus_message_new_method_call(self->bus, &message, BUS_NAME, path,
					       BUS_PF_INTERFACE, "Describe");

	return r < 0 ? r : call_for_document(self, message, patience(self), ret);
}

/* An older daemon is asked for no more than it knows. */
static int append_options(sd_bus_message *message, bool disruptive, uint64_t wait_us)
{
	if (disruptive)
		return sd_bus_message_append(message, "a{sv}", 2, "wait-usec", "t", wait_us,
					     "disruptive", "b", true);
	return sd_bus_message_append(message, "a{sv}", 1, "wait-usec", "t", wait_us);
}

int daemon_apply(struct daemon *self, char *const *pfs, size_t n_pfs, bool disruptive,
		 unsigned wait_s, struct json_object **ret)
{
	CLEANUP_MESSAGE sd_bus_message *message = NULL;
	uint64_t wait_us = wait_s * US_PER_S;
	int r = new_call(self, "Apply", &message);

	if (r >= 0)
		r = append_pfs(message, pfs, n_pfs);
	if (r >= 0)
		r = append_options(message, disruptive, wait_us);
	if (r >= 0)
		r = sd_bus_message_set_allow_interactive_authorization(message, true);
	/* A pass may begin when the time is nearly over, and is waited for until it is stuck. */
	return r < 0 ? r : call_for_document(self, message, UINT64_MAX, ret);
}

int daemon_pause(struct daemon *self, const char *pf, uint64_t us, struct json_object **ret)
{
	CLEANUP_MESSAGE sd_bus_message *message = NULL;
	int r = new_call(self, "Pause", &message);

	if (r >= 0)
		r = sd_bus_message_append(message, "st", pf, us);
	if (r >= 0)
		r = sd_bus_message_set_allow_interactive_authorization(message, true);
	/* The pass that runs is waited for until it is stuck. */
	return r < 0 ? r : call_for_document(self, message, UINT64_MAX, ret);
}

int daemon_call(struct daemon *self, const char *method)
{
	CLEANUP_MESSAGE sd_bus_message *message = NULL, *reply = NULL;
	int r = new_call(self, method, &message);

	if (r >= 0)
		r = sd_bus_message_set_allow_interactive_authorization(message, true);
	return r < 0 ? r : call(self, message, PASSWORD_TIMEOUT_US, &reply);
}

enum verdict daemon_failed(const struct daemon *self, const char *verb, int error)
{
	const char *why = self ? text_string(&self->error) : "";

	switch (error) {
	case -ENOENT:
		(void)fprintf(stderr,
			      "sriovctl %s: sriovd does not run; 'systemctl start sriovd' "
			      "starts it\n",
			      verb);
		break;
	case -ENOTCONN:
		(void)fprintf(stderr,
			      "sriovctl %s: sriovd cannot be asked: there is no system bus; "
			      "'systemctl status dbus sriovd' tells more\n",
			      verb);
		break;
	case -EUSERS:
		(void)fprintf(stderr,
			      "sriovctl %s: sriovd turns away who asks at " ROOT_SOCKET
			      ", where as many ask at once as it answers, and there is no "
			      "system bus; try again once others have ended\n",
			      verb);
		break;
	case -EACCES:
		(void)fprintf(stderr,
			      "sriovctl %s: only root may ask the daemon for this, "
			      "and who polkit allows it\n",
			      verb);
		break;
	case -ENODEV:
		(void)fprintf(stderr, "sriovctl: %s\n", why);
		break;
	case -EINVAL:
		(void)fprintf(stderr, "sriovctl %s: %s\n", verb, why);
		return VERDICT_USAGE;
	default:
		(void)fprintf(stderr, "sriovctl %s: the daemon does not answer well: %s\n", verb,
			      *why ? why : strerror(-error));
	}
	return VERDICT_FAILED;
}

const char *daemon_error(const struct daemon *self)
{
	return text_string(&self->error);
}

sd_bus *daemon_bus(const struct daemon *self)
{
	return self->bus;
}
