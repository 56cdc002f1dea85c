#include "workload/scope.h"

#include "base/array.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

#define BLANKS " \t"

/* One requirement of the selector, as a matchExpressions element of Kubernetes. */
struct scope {
	char *name;	/* of one node; NULL: labels */
	json_t *wanted; /* list of { key, operator, values } */
	json_t *nodes;	/* those that are meant: { name, labels, taints } */
	json_t *others; /* names of the other ones, as keys */
};

/* What is known of a node. */
enum truth { NO, MAYBE, YES };

static json_t *expression(const char *key, size_t key_len, const char *operator,
			  json_t * values)
{
	json_t *map = json_object();

	json_put(map, "key", json_stringn(key, key_len));
	json_put(map, "operator", json_string(operator));
	json_put(map, "values", values);
	return map;
}

static bool is_label(const char *text, size_t len)
{
	if (len == 0 || len > 317)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789._-/",
			    text[i]))
			return false;
	return true;
}

static json_t *one_value(const char *text, size_t len)
{
	json_t *values = json_array();

	json_push(values, json_stringn(text, len));
	return values;
}

/* "a,b)" behind "in ("; @return where it ends, or NULL */
static const char *read_values(const char *at, json_t *values)
{
	while (*at && *at != ')') {
		size_t len = strcspn(at, ",) \t");

		if (len > 0 && !is_label(at, len))
			return NULL;
		if (len > 0)
			json_push(values, json_stringn(at, len));
		at += len + strspn(at + len, "," BLANKS);
	}
	return *at == ')' && json_array_size(values) > 0 ? at + 1 : NULL;
}

static const char *read_set(const char *key, size_t key_len, const char *at, json_t *list)
{
	bool no = text_starts(at, "notin");
	json_t *values = json_array();

	at += no ? strlen("notin") : strlen("in");
	at += strspn(at, BLANKS);
	at = *at == '(' ? read_values(at + 1, values) : NULL;
	json_push(list, expression(key, key_len, no ? "NotIn" : "In", values));
	return at;
}

/* One requirement; @return what stands behind it, or NULL */
static const char *read_requirement(const char *at, json_t *list)
{
	bool not = *at == '!';
	const char *key = at + not ;
	size_t len = strcspn(key, "=!," BLANKS), value;
	const char *rest = key + len + strspn(key + len, BLANKS);
	bool differs = text_starts(rest, "!=");

	if (!is_label(key, len))
		return NULL;
	if (*rest == '\0' || *rest == ',') {
		json_push(list, expression(key, len, not ? "DoesNotExist" : "Exists",
					   json_array()));
		return rest;
	}
	if (text_starts(rest, "in") || text_starts(rest, "notin"))
		return not ? NULL : read_set(key, len, rest, list);
	if (not || (!differs && *rest != '='))
		return NULL;
	rest += differs ? 2 : strspn(rest, "=");
	rest += strspn(rest, BLANKS);
	value = strcspn(rest, "," BLANKS);
	if (value > 0 && !is_label(rest, value))
		return NULL;
	json_push(list,
		  expression(key, len, differs ? "NotIn" : "In", one_value(rest, value)));
	return rest + value;
}

static int read_selector(struct scope *scope, const char *selector, struct error *err)
{
	const char *at = selector;

	if (*selector && strcspn(selector, "=!,() \t") == strlen(selector)) {
		scope->name = mem_strdup(selector);
		return 0;
	}
	while (at && *at) {
		at += strspn(at, BLANKS);
		at = read_requirement(at, scope->wanted);
		if (at)
			at += strspn(at, BLANKS);
		if (at && *at && *at != ',')
			at = NULL;
		else if (at && *at)
			at++;
	}
	if (at && json_array_size(scope->wanted) > 0)
		return 0;
	return error_set(err, -EINVAL,
			 "--node takes a node's name or labels such as "
			 "'pool=gpu,zone in (a,b)', not '%s'",
			 selector);
}

int scope_new(const char *selector, struct scope **ret, struct error *err)
{
	struct scope *scope = mem_calloc(1, sizeof(*scope));
	int r;

	scope->wanted = json_array();
	scope->nodes = json_array();
	scope->others = json_object();
	r = read_selector(scope, selector, err);
	if (r < 0)
		scope_free(scope);
	else
		*ret = scope;
	return r;
}

void scope_free(struct scope *scope)
{
	if (!scope)
		return;
	json_decref(scope->wanted);
	json_decref(scope->nodes);
	json_decref(scope->others);
	free(scope->name);
	free(scope);
}

static bool among(const json_t *values, const char *text)
{
	for (size_t i = 0; i < json_array_size(values); i++) {
		const char *value = json_string_value(json_array_get(values, i));

		if (value && strcmp(value, text) == 0)
			return true;
	}
	return false;
}

/*
 * @p value: the label, NULL where the node has none; unknown operators and numbers may
 * hold.
 */
static enum truth judge(const json_t *wanted, const char *value)
{
	const char *operator= json_string_value(json_object_get(wanted, "operator"));
	const json_t *values = json_object_get(wanted, "values");
	bool in = value && among(values, value);

	if (!operator)
		return MAYBE;
	if (strcmp(operator, "In") == 0)
		return in ? YES : NO;
	if (strcmp(operator, "NotIn") == 0)
		return in ? NO : YES;
	if (strcmp(operator, "Exists") == 0)
		return value ? YES : NO;
	if (strcmp(operator, "DoesNotExist") == 0)
		return value ? NO : YES;
	return value ? MAYBE : NO; /* Gt, Lt */
}

static const char *label_of(const json_t *node, const char *key)
{
	return json_string_value(json_object_get(json_object_get(node, "labels"), key));
}

/* Do all of @p list hold for the node? Fields: there is only metadata.name. */
static bool may_hold(const json_t *list, const json_t *node, bool fields)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *wanted = json_array_get(list, i);
		const char *key = json_string_value(json_object_get(wanted, "key"));
		const char *value =
			fields ? json_string_value(json_object_get(node, "name"))
			: key  ? label_of(node, key)
			       : NULL;

		if (key && judge(wanted, value) == NO)
			return false;
	}
	return true;
}

/* Any one of the terms; a term without anything matches nothing. */
static bool terms_may_hold(const json_t *terms, const json_t *node)
{
	size_t count = json_array_size(terms);

	for (size_t i = 0; i < count; i++) {
		const json_t *term = json_array_get(terms, i);

		if (may_hold(json_object_get(term, "matchExpressions"), node, false) &&
		    may_hold(json_object_get(term, "matchFields"), node, true))
			return true;
	}
	return count == 0;
}

static bool is_meant(const struct scope *scope, const json_t *node)
{
	const char *name = json_string_value(json_object_get(node, "name"));

	if (scope->name)
		return name && strcmp(scope->name, name) == 0;
	return may_hold(scope->wanted, node, false);
}

static json_t *node_facts(const struct spot *node)
{
	struct spot metadata = spot_get(node, "metadata"), spec = spot_get(node, "spec");
	struct spot labels = spot_get(&metadata, "labels");
	struct spot taints = spot_get(&spec, "taints");
	json_t *facts = json_object();

	json_put(facts, "name", json_string(node->object->name));
	json_put(facts, "labels",
		 labels.json ? json_deep_copy(labels.json) : json_object());
	json_put(facts, "taints",
		 taints.json ? json_deep_copy(taints.json) : json_array());
	return facts;
}

void scope_add_node(struct scope *scope, const struct spot *node)
{
	json_t *facts = node_facts(node);

	if (is_meant(scope, facts))
		json_array_append(scope->nodes, facts);
	else
		json_put(scope->others, node->object->name, json_true());
	json_decref(facts);
}

size_t scope_nodes(const struct scope *scope)
{
	return json_array_size(scope->nodes);
}

bool scope_has_node(const struct scope *scope, const struct spot *node)
{
	json_t *facts = node_facts(node);
	bool meant = is_meant(scope, facts);

	json_decref(facts);
	return meant;
}

static bool text_equal(const json_t *map, const char *key, const json_t *other)
{
	const char *a = json_string_value(json_object_get(map, key));
	const char *b = json_string_value(json_object_get(other, key));

	return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool tolerates(const json_t *toleration, const json_t *taint)
{
	const char *operator= json_string_value(json_object_get(toleration, "operator"));
	const char *effect = json_string_value(json_object_get(toleration, "effect"));
	const char *key = json_string_value(json_object_get(toleration, "key"));
	bool exists = operator&& strcmp(operator, "Exists") == 0;

	if (effect && *effect && !text_equal(toleration, "effect", taint))
		return false;
	if (!key || !*key)
		return exists;
	return text_equal(toleration, "key", taint) &&
	       (exists || text_equal(toleration, "value", taint));
}

/* Taints that Kubernetes itself sets come and go, and say nothing. */
static bool taint_counts(const json_t *taint)
{
	const char *key = json_string_value(json_object_get(taint, "key"));
	const char *effect = json_string_value(json_object_get(taint, "effect"));

	return key && effect && !text_starts(key, "node.kubernetes.io/") &&
	       !text_starts(key, "node.cloudprovider.kubernetes.io/") &&
	       (strcmp(effect, "NoSchedule") == 0 || strcmp(effect, "NoExecute") == 0);
}

static bool taints_allow(const json_t *taints, const json_t *tolerations)
{
	for (size_t i = 0; i < json_array_size(taints); i++) {
		const json_t *taint = json_array_get(taints, i);
		bool allowed = !taint_counts(taint);

		for (size_t k = 0; k < json_array_size(tolerations) && !allowed; k++)
			allowed = tolerates(json_array_get(tolerations, k), taint);
		if (!allowed)
			return false;
	}
	return true;
}

static bool labels_allow(const json_t *node, const json_t *selector)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)selector, key, value)
	{
		const char *label = label_of(node, key);

		if (!label || !json_is_string(value) ||
		    strcmp(label, json_string_value(value)) != 0)
			return false;
	}
	return true;
}

static const json_t *required_terms(const struct spot *affinity)
{
	struct spot required =
		spot_get(affinity, "requiredDuringSchedulingIgnoredDuringExecution");

	return json_object_get(required.json, "nodeSelectorTerms");
}

static bool may_land(const json_t *node, const struct spot *spec)
{
	struct spot affinity = spot_get(spec, "affinity");
	struct spot of_nodes = spot_get(&affinity, "nodeAffinity");
	struct spot selector = spot_get(spec, "nodeSelector");
	struct spot tolerations = spot_get(spec, "tolerations");

	return labels_allow(node, selector.json) &&
	       terms_may_hold(required_terms(&of_nodes), node) &&
	       taints_allow(json_object_get(node, "taints"), tolerations.json);
}

/* Nothing makes such a pod anew on another node. */
static bool is_bound(const struct spot *metadata)
{
	struct spot owners = spot_get(metadata, "ownerReferences");
	struct spot owner = spot_at(&owners, 0);
	const char *kind = spot_count(&owners) ? spot_get_text(&owner, "kind") : NULL;

	return spot_count(&owners) == 0 || (kind && strcmp(kind, "Node") == 0);
}

bool scope_has_pod(const struct scope *scope, const struct spot *metadata,
		   const struct spot *spec)
{
	const char *bound_to = spot_get_text(spec, "nodeName");
	size_t count = json_array_size(scope->nodes);
	bool other = bound_to && json_object_get(scope->others, bound_to);

	if (count == 0)
		return true;
	for (size_t i = 0; i < count && bound_to; i++)
		if (strcmp(bound_to, json_string_value(json_object_get(
					     json_array_get(scope->nodes, i), "name"))) ==
		    0)
			return true;
	if (other && is_bound(metadata))
		return false;
	for (size_t i = 0; i < count; i++)
		if (may_land(json_array_get(scope->nodes, i), spec))
			return true;
	return false;
}

bool scope_has_volume(const struct scope *scope, const struct spot *spec)
{
	struct spot affinity = spot_get(spec, "nodeAffinity");
	struct spot required = spot_get(&affinity, "required");
	const json_t *terms = json_object_get(required.json, "nodeSelectorTerms");
	size_t count = json_array_size(scope->nodes);

	for (size_t i = 0; i < count; i++)
		if (terms_may_hold(terms, json_array_get(scope->nodes, i)))
			return true;
	return count == 0;
}
