/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/yaml_out.h"

#include <errno.h>
#include <json-c/json_object.h>
#include <json-c/json_object_iterator.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

#include "util/cleanup.h"

static bool emit_value(yaml_emitter_t *emitter, struct json_object *value);

/* yaml_emitter_emit() frees the event, also when it fails; an event that could not be made is out
 * of memory. */
static bool emit(yaml_emitter_t *emitter, yaml_event_t *event, int made)
{
	return made && yaml_emitter_emit(emitter, event);
}

static bool emit_scalar(yaml_emitter_t *emitter, const char *string, yaml_scalar_style_t style)
{
	yaml_event_t event;

	return emit(emitter, &event,
		    yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)string,
						 (int)strlen(string), 1, 1, style));
}

/* Whether some YAML reader would take the plain string for a number, an address of sexagesimal
 * digits (1.1 reads 52:54:00:10:01:01 as a number), a boolean or null. */
static bool is_ambiguous(const char *string)
{
	static const char *const words[] = { "y",     "n",  "yes", "no",  "true",
					     "false", "on", "off", "null" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcasecmp(string, words[i]) == 0)
			return true;
	return !*string || strchr("0123456789+-.~=<", *string);
}

static bool emit_string(yaml_emitter_t *emitter, const char *string)
{
	return emit_scalar(emitter, string,
			   is_ambiguous(string) ? YAML_DOUBLE_QUOTED_SCALAR_STYLE
						: YAML_ANY_SCALAR_STYLE);
}

static bool emit_array(yaml_emitter_t *emitter, struct json_object *array)
{
	size_t count = json_object_array_length(array);
	yaml_event_t event;
	bool good;

	good = emit(emitter, &event,
		    yaml_sequence_start_event_initialize(&event, NULL, NULL, 1,
							 YAML_BLOCK_SEQUENCE_STYLE));
	for (size_t i = 0; good && i < count; i++)
		good = emit_value(emitter, json_object_array_get_idx(array, i));
	return good && emit(emitter, &event, yaml_sequence_end_event_initialize(&event));
}

static bool emit_object(yaml_emitter_t *emitter, struct json_object *object)
{
	struct json_object_iterator item = json_object_iter_begin(object);
	struct json_object_iterator end = json_object_iter_end(object);
	yaml_event_t event;
	bool good;

	good = emit(emitter, &event,
		    yaml_mapping_start_event_initialize(&event, NULL, NULL, 1,
							YAML_BLOCK_MAPPING_STYLE));
	for (; good && !json_object_iter_equal(&item, &end); json_object_iter_next(&item))
		good = emit_string(emitter, json_object_iter_peek_name(&item)) &&
		       emit_value(emitter, json_object_iter_peek_value(&item));
	return good && emit(emitter, &event, yaml_mapping_end_event_initialize(&event));
}

static bool emit_value(yaml_emitter_t *emitter, struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_object:
		return emit_object(emitter, value);
	case json_type_array:
		return emit_array(emitter, value);
	case json_type_string:
		return emit_string(emitter, json_object_get_string(value));
	default:
		/* null, booleans and numbers are written alike in JSON and YAML */
		return emit_scalar(emitter, json_object_to_json_string(value),
				   YAML_PLAIN_SCALAR_STYLE);
	}
}

static bool emit_document(yaml_emitter_t *emitter, struct json_object *value)
{
	yaml_event_t event;

	return emit(emitter, &event,
		    yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)) &&
	       emit(emitter, &event,
		    yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1)) &&
	       emit_value(emitter, value) &&
	       emit(emitter, &event, yaml_document_end_event_initialize(&event, 1)) &&
	       emit(emitter, &event, yaml_stream_end_event_initialize(&event));
}

static int append(void *data, unsigned char *buffer, size_t size)
{
	struct text *out = data;

	text_append_n(out, (const char *)buffer, size);
	return !out->failed;
}

int yaml_out_write(struct json_object *value, struct text *out)
{
	yaml_emitter_t emitter;
	bool good;

	if (!yaml_emitter_initialize(&emitter))
		return -ENOMEM;
	yaml_emitter_set_output(&emitter, append, out);
	yaml_emitter_set_unicode(&emitter, 1);
	yaml_emitter_set_width(&emitter, -1);
	good = emit_document(&emitter, value);
	yaml_emitter_delete(&emitter);
	return good ? 0 : -ENOMEM;
}
