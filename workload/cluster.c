/*
 * cluster.c – what nodes, services and kube-proxy say, and runtime handlers.
 */
#include "workload/readers.h"

#include "base/text.h"

#include <string.h>

struct word_row {
	const char *word;
	enum workload_row row;
};

static const struct word_row RUNTIMES[] = {
	{ "containerd://", ROW_RUNTIME_CONTAINERD },
	{ "cri-o://", ROW_RUNTIME_CRIO },
	{ "docker://", ROW_RUNTIME_DOCKER },
};

static void read_version(struct needs *needs, const struct spot *info)
{
	struct spot version = spot_get(info, "kubeletVersion");
	const char *text = spot_text(&version);
	_cleanup_(freep) char *fact = NULL;
	size_t len;

	if (!text || !*text)
		return;
	text += *text == 'v';
	len = strspn(text, "0123456789.");
	if (len == 0 || len > 32) {
		spot_problem(&version, "a version such as v1.31.2");
		return;
	}
	fact = mem_printf("kubernetes=%.*s", (int)len, text);
	need(needs, ROW_KUBERNETES, &version);
	need_fact(needs, fact, &version);
}

void read_node(struct needs *needs, const struct spot *node)
{
	struct spot status = spot_get(node, "status"), spec = spot_get(node, "spec");
	struct spot info = spot_get(&status, "nodeInfo");
	struct spot runtime = spot_get(&info, "containerRuntimeVersion");
	struct spot ranges = spot_get(&spec, "podCIDRs");
	const char *os = spot_get_text(&info, "operatingSystem");
	const char *name = spot_text(&runtime);

	if (os && strcmp(os, "windows") == 0)
		return;
	read_version(needs, &info);
	for (size_t i = 0; i < ARRAY_LEN(RUNTIMES) && name; i++)
		if (text_starts(name, RUNTIMES[i].word))
			need(needs, RUNTIMES[i].row, &runtime);
	for (size_t i = 0; i < spot_count(&ranges); i++) {
		struct spot range = spot_at(&ranges, i);
		const char *text = spot_text(&range);

		if (text && strchr(text, ':'))
			need(needs, ROW_NETWORK_IPV6, &range);
	}
}

void read_service(struct needs *needs, const struct spot *service)
{
	struct spot spec = spot_get(service, "spec");
	struct spot families = spot_get(&spec, "ipFamilies");

	for (size_t i = 0; i < spot_count(&families); i++) {
		struct spot family = spot_at(&families, i);
		const char *text = spot_text(&family);

		if (text && strcmp(text, "IPv6") == 0)
			need(needs, ROW_NETWORK_IPV6, &family);
	}
}

static const struct word_row PROXY_MODES[] = {
	{ "iptables", ROW_PROXY_IPTABLES },
	{ "ipvs", ROW_PROXY_IPVS },
	{ "nftables", ROW_PROXY_NFTABLES },
};

/* @p mode: the text behind "mode", with quotes and blanks around it. */
static void need_proxy(struct needs *needs, const char *mode, const struct spot *spot)
{
	size_t len;

	mode += strspn(mode, " \t\"'");
	len = strcspn(mode, " \t\"'\r\n");
	for (size_t i = 0; i < ARRAY_LEN(PROXY_MODES); i++)
		if (strlen(PROXY_MODES[i].word) == len &&
		    memcmp(PROXY_MODES[i].word, mode, len) == 0)
			need(needs, PROXY_MODES[i].row, spot);
	if (len == 0)
		need(needs, ROW_PROXY_IPTABLES, spot);
}

static bool names_proxy(const char *text)
{
	size_t len = text ? strlen(text) : 0;

	return len >= 10 && strcmp(text + len - 10, "kube-proxy") == 0;
}

void read_proxy_words(struct needs *needs, const struct spot *container)
{
	static const char *const LISTS[] = { "command", "args" };
	const char *name = spot_get_text(container, "name");
	bool is_proxy = name && strcmp(name, "kube-proxy") == 0, said = false;

	for (size_t k = 0; k < ARRAY_LEN(LISTS); k++) {
		struct spot list = spot_get(container, LISTS[k]);

		if (k == 0 && json_array_size(list.json) > 0)
			is_proxy = is_proxy || names_proxy(json_string_value(
						       json_array_get(list.json, 0)));
		for (size_t i = 0; is_proxy && i < spot_count(&list); i++) {
			struct spot item = spot_at(&list, i);
			const char *text = spot_text(&item);

			if (!text || !text_starts(text, "--proxy-mode="))
				continue;
			need_proxy(needs, text + strlen("--proxy-mode="), &item);
			said = true;
		}
	}
	if (is_proxy && !said)
		need(needs, ROW_PROXY_IPTABLES, container);
}

/* The ConfigMap of kubeadm: a text with a line "mode: ipvs". */
void read_proxy_map(struct needs *needs, const struct spot *map)
{
	struct spot data = spot_get(map, "data"), member;

	if (strcmp(map->object->name, "kube-proxy") != 0 || !spot_is_map(&data))
		return;
	spot_each(&data, iter, member)
	{
		const char *text = spot_text(&member);
		const char *line = text && text_starts(text, "mode:") ? text
				   : text ? strstr(text, "\nmode:")
					  : NULL;

		if (line)
			need_proxy(needs, strchr(line, ':') + 1, &member);
	}
}

/* Names that people give to handlers; a handler may be called anything. */
static const struct word_row HANDLERS[] = {
	{ "runc", ROW_HANDLER_RUNC },	 { "crun", ROW_HANDLER_CRUN },
	{ "kata", ROW_HANDLER_KATA },	 { "gvisor", ROW_HANDLER_GVISOR },
	{ "runsc", ROW_HANDLER_GVISOR }, { "spin", ROW_HANDLER_WASM },
	{ "wasm", ROW_HANDLER_WASM },	 { "nvidia", ROW_GPU_NVIDIA },
	{ "slight", ROW_HANDLER_WASM },
};

enum workload_row handler_row(const char *handler)
{
	for (size_t i = 0; i < ARRAY_LEN(HANDLERS); i++)
		if (strstr(handler, HANDLERS[i].word))
			return HANDLERS[i].row;
	return ROW_HANDLER_OTHER;
}
