/*
 * A tar archive of files of /proc, as smemcap makes it: PID/smaps (or PID/maps), PID/cgroup
 * where it is there. Of the archive only plain ustar headers matter (POSIX.1-2017, pax).
 */
#include "analyzer/evidence_format.h"
#include "analyzer/evidence_text.h"
#include "analyzer/smaps.h"

#include <errno.h>
#include <string.h>

#define BLOCK	   512
#define MEMBER_MAX (32u << 20)

struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8];
	char type, linkname[100], magic[6];
	char rest[BLOCK - 263];
};

_Static_assert(sizeof(struct header) == BLOCK, "a header is one block");

/* The process that is being put together: its files come one after the other. */
struct process {
	uint64_t pid;
	enum use_scope scope;
	char *maps;
	bool memory;
};

static bool detect(const char *head, size_t len)
{
	return len >= BLOCK &&
	       memcmp(head + offsetof(struct header, magic), "ustar", 5) == 0;
}

static uint64_t octal(const char *digits, size_t len)
{
	uint64_t number = 0;

	for (size_t i = 0; i < len && digits[i] >= '0' && digits[i] <= '7'; i++)
		number = number << 3 | (uint64_t)(digits[i] - '0');
	return number;
}

static void end_process(struct evidence *ev, struct process *p)
{
	struct smaps_process note = { .scope = p->scope, .memory = p->memory };

	/* paths in a container's mounts are no paths of the host */
	if (p->maps && p->scope != SCOPE_CONTAINER)
		smaps_note(ev, p->maps, &note);
	else if (p->maps)
		ev->elsewhere++;
	free(p->maps);
	*p = (struct process){ 0 };
}

/* "[./][proc/]PID/FILE" */
static const char *split_name(const char *name, uint64_t *ret_pid)
{
	text_word(&name, "./");
	text_word(&name, "proc/");
	return text_number(&name, ret_pid) && *name == '/' ? name + 1 : NULL;
}

static void add_member(struct evidence *ev, struct process *p, const char *name,
		       char **data)
{
	uint64_t pid;
	const char *file = split_name(name, &pid);
	bool smaps;

	if (!file)
		return;
	if (p->pid != pid)
		end_process(ev, p);
	p->pid = pid;
	smaps = strcmp(file, "smaps") == 0;
	if (strcmp(file, "cgroup") == 0)
		p->scope = cgroup_scope(*data);
	if (!smaps && (strcmp(file, "maps") != 0 || p->memory))
		return;
	free(p->maps);
	p->maps = steal_ptr(data);
	p->memory = smaps;
}

/* @return 1 read; 0 the end of the file */
static int read_block(struct lines *lines, void *block, struct error *err)
{
	int r = lines_bytes(lines, block, BLOCK, err);

	return r < 0 ? r : r == BLOCK;
}

/* The bytes of a member, or nothing of one that is too large. */
static int read_member(struct lines *lines, uint64_t size, char **ret, struct error *err)
{
	_cleanup_(freep) char *data = NULL;
	char block[BLOCK];
	uint64_t done = 0;

	if (size <= MEMBER_MAX)
		data = mem_calloc(size + 1, 1);
	for (; done < size; done += BLOCK) {
		int r = read_block(lines, block, err);

		if (r < 0)
			return r;
		if (r == 0)
			return error_set(err, -EINVAL, "the archive is cut off");
		if (data)
			memcpy(data + done, block, MIN2((uint64_t)BLOCK, size - done));
	}
	*ret = steal_ptr(&data);
	return 0;
}

static int read_members(struct lines *lines, struct evidence *ev, struct process *p,
			struct error *err)
{
	struct header header;
	int r;

	while ((r = read_block(lines, &header, err)) > 0) {
		char name[sizeof(header.name) + 1] = { 0 };
		_cleanup_(freep) char *data = NULL;

		if (header.name[0] == '\0')
			return 0;
		if (memcmp(header.magic, "ustar", 5) != 0)
			return error_set(err, -EINVAL, "the archive is damaged");
		memcpy(name, header.name, sizeof(header.name));
		r = read_member(lines, octal(header.size, sizeof(header.size)), &data,
				err);
		if (r < 0)
			return r;
		evidence_time(ev, (int64_t)MIN2(octal(header.mtime, sizeof(header.mtime)),
						(uint64_t)UINT32_MAX));
		if (!data)
			evidence_lost(ev, 1);
		else if (header.type == '0' || header.type == '\0')
			add_member(ev, p, name, &data);
	}
	return r;
}

static int read_file(struct lines *lines, struct evidence *ev, struct error *err)
{
	struct process p = { 0 };
	int r = read_members(lines, ev, &p, err);

	end_process(ev, &p);
	if (r == 0 && ev->uses.len == 0 && ev->elsewhere == 0)
		return error_set(err, -EINVAL,
				 "the archive has no PID/smaps or PID/maps");
	return r;
}

const struct evidence_format EVIDENCE_SNAPSHOT = {
	.name = "snapshot",
	.summary = "tar of PID/smaps or PID/maps and PID/cgroup, as smemcap makes it",
	.detect = detect,
	.file = read_file,
};
