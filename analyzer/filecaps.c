#include "analyzer/filecaps.h"

#include "base/macros.h"
#include "base/strbuf.h"

#include <linux/capability.h>
#include <stdbool.h>
#include <string.h>
#include <sys/xattr.h>

#define ATTRIBUTE "security.capability"
#define BITS	  64

/* By number, linux/capability.h */
static const char *const NAMES[] = {
	"chown",
	"dac_override",
	"dac_read_search",
	"fowner",
	"fsetid",
	"kill",
	"setgid",
	"setuid",
	"setpcap",
	"linux_immutable",
	"net_bind_service",
	"net_broadcast",
	"net_admin",
	"net_raw",
	"ipc_lock",
	"ipc_owner",
	"sys_module",
	"sys_rawio",
	"sys_chroot",
	"sys_ptrace",
	"sys_pacct",
	"sys_admin",
	"sys_boot",
	"sys_nice",
	"sys_resource",
	"sys_time",
	"sys_tty_config",
	"mknod",
	"lease",
	"audit_write",
	"audit_control",
	"setfcap",
	"mac_override",
	"mac_admin",
	"syslog",
	"wake_alarm",
	"block_suspend",
	"audit_read",
	"perfmon",
	"bpf",
	"checkpoint_restore",
};

/* libcap's values: they decide the order of its text. */
enum { EFFECTIVE = 1, PERMITTED = 2, INHERITABLE = 4, STATES = 8 };

static uint32_t little32(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Which sets a capability is in, for all bits. */
static void read_states(const unsigned char *p, size_t words, bool effective,
			uint8_t state[BITS])
{
	memset(state, 0, BITS);
	for (size_t bit = 0; bit < words * 32; bit++) {
		const unsigned char *pair = p + 4 + bit / 32 * 8;

		if (little32(pair) >> (bit % 32) & 1)
			state[bit] |= PERMITTED;
		if (little32(pair + 4) >> (bit % 32) & 1)
			state[bit] |= INHERITABLE;
		if (state[bit] && effective)
			state[bit] |= EFFECTIVE;
	}
}

static void put_state(struct strbuf *out, unsigned int state)
{
	if (state & EFFECTIVE)
		strbuf_putc(out, 'e');
	if (state & INHERITABLE)
		strbuf_putc(out, 'i');
	if (state & PERMITTED)
		strbuf_putc(out, 'p');
}

static void put_names(struct strbuf *out, const uint8_t state[BITS], unsigned int which)
{
	const char *comma = "";

	for (size_t bit = 0; bit < BITS; bit++) {
		if (state[bit] != which)
			continue;
		if (bit < ARRAY_LEN(NAMES))
			strbuf_printf(out, "%scap_%s", comma, NAMES[bit]);
		else
			strbuf_printf(out, "%s%zu", comma, bit);
		comma = ",";
	}
}

/* The state that most of the named capabilities share, "in none" if as many are. */
static unsigned int most_common(const uint8_t state[BITS])
{
	size_t count[STATES] = { 0 };
	unsigned int best = STATES - 1;

	for (size_t bit = 0; bit < ARRAY_LEN(NAMES); bit++)
		count[state[bit]]++;
	for (unsigned int s = STATES - 1; s-- > 0;)
		if (count[s] >= count[best])
			best = s;
	return best;
}

static bool is_used(const uint8_t state[BITS], unsigned int which)
{
	return memchr(state, (int)which, BITS) != NULL;
}

/*
 * As libcap writes it: first what most of them are ("=ep", or nothing), then the others
 * as changes to it.
 */
static void put_text(struct strbuf *out, uint8_t state[BITS])
{
	unsigned int base = most_common(state);
	char sign = '=';

	/* Bits without a name are never counted as part of "all". */
	for (size_t bit = ARRAY_LEN(NAMES); bit < BITS && base != 0; bit++)
		if (state[bit] == 0)
			state[bit] = (uint8_t)base;
	if (base != 0) {
		strbuf_putc(out, '=');
		put_state(out, base);
		sign = '+';
	}
	for (unsigned int s = STATES; s-- > 0;) {
		if (s == base || !is_used(state, s))
			continue;
		if (out->len > 0)
			strbuf_putc(out, ' ');
		put_names(out, state, s);
		if (s & ~base) {
			strbuf_putc(out, sign);
			put_state(out, s & ~base);
			sign = '+';
		}
		if (base & ~s) {
			strbuf_putc(out, '-');
			put_state(out, base & ~s);
		}
	}
	if (out->len == 0)
		strbuf_putc(out, '=');
}

char *filecaps_text(const void *data, size_t len)
{
	static const struct {
		uint32_t revision;
		size_t words, len;
	} FORMS[] = {
		{ VFS_CAP_REVISION_1, VFS_CAP_U32_1, XATTR_CAPS_SZ_1 },
		{ VFS_CAP_REVISION_2, VFS_CAP_U32_2, XATTR_CAPS_SZ_2 },
		{ VFS_CAP_REVISION_3, VFS_CAP_U32_3, XATTR_CAPS_SZ_3 },
	};
	struct strbuf out = { 0 };
	uint8_t state[BITS];
	uint32_t magic;

	if (len < 4)
		return NULL;
	magic = little32(data);
	for (size_t i = 0; i < ARRAY_LEN(FORMS); i++) {
		if ((magic & VFS_CAP_REVISION_MASK) != FORMS[i].revision ||
		    len != FORMS[i].len)
			continue;
		read_states(data, FORMS[i].words, magic & VFS_CAP_FLAGS_EFFECTIVE, state);
		put_text(&out, state);
		if (FORMS[i].revision == VFS_CAP_REVISION_3)
			strbuf_printf(&out, " [rootid=%u]",
				      little32((const unsigned char *)data + 20));
		return strbuf_detach(&out);
	}
	return NULL;
}

char *filecaps_read(int fd)
{
	unsigned char data[64];
	ssize_t n = fgetxattr(fd, ATTRIBUTE, data, sizeof(data));

	return n < 0 ? NULL : filecaps_text(data, (size_t)n);
}
