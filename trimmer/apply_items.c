#include "trimmer/apply_items.h"

#include "base/json.h"
#include "base/macros.h"

#include <errno.h>
#include <string.h>

#define UNIT_NAME_MAX 255

static const char *text_of(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	return text ? text : "";
}

/* As systemd.unit(5) allows. */
static bool is_unit_name(const char *name)
{
	static const char ALLOWED[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789:-_.\\@";
	const char *dot = strrchr(name, '.');

	return strlen(name) <= UNIT_NAME_MAX && strspn(name, ALLOWED) == strlen(name) &&
	       dot && dot > name && dot[1];
}

static int read_service(struct apply_items *items, const json_t *json, size_t at,
			struct error *err)
{
	static const char *const ACTIONS[] = { "mask", "disable" };
	const char *unit = text_of(json, "unit"), *action = text_of(json, "action");

	if (!is_unit_name(unit))
		return error_set(err, -EINVAL, "services[%zu].unit: is no unit name", at);
	for (size_t i = 0; i < ARRAY_LEN(ACTIONS); i++) {
		if (strcmp(ACTIONS[i], action) != 0)
			continue;
		array_push(&items->services,
			   (struct apply_service){ unit, (enum service_action)i });
		return 0;
	}
	return error_set(err, -EINVAL,
			 "services[%zu].action: must be 'mask' or 'disable'", at);
}

int apply_items_read(const struct plan_doc *doc, struct apply_items *ret,
		     struct error *err)
{
	const json_t *services = json_object_get(doc->json, "services");
	int r = 0;

	*ret = (struct apply_items){ 0 };
	array_each (&doc->packages, i)
		if (doc->packages.data[i].remove)
			array_push(&ret->nevras, doc->packages.data[i].nevra);
	array_each (&doc->files, i)
		array_push(&ret->files, &doc->files.data[i]);
	for (size_t i = 0; r == 0 && i < json_array_size(services); i++)
		r = read_service(ret, json_array_get(services, i), i, err);
	return r;
}

void apply_items_release(struct apply_items *items)
{
	array_release(&items->nevras);
	array_release(&items->files);
	array_release(&items->services);
}
