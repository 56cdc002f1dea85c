/* Archives: any bytes, unpacked as a root and as a layer; nothing may appear beside the folder. */
#include "analyzer/archive_unpack.h"
#include "base/io.h"
#include "base/tree_walk.h"

#include <dirent.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* libarchive reserves as many bytes as a name of cpio is said to have (4 GiB at most) before it
 * finds that they are not there; it touches none of them. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static char limit[] = "-malloc_limit_mb=4200";
	char **more = mem_calloc((size_t)*argc + 2, sizeof(*more));

	memcpy(more, *argv, (size_t)*argc * sizeof(*more));
	more[(*argc)++] = limit;
	*argv = more;
	return 0;
}

static void check_alone(const char *top)
{
	DIR *dir = opendir(top);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, "root") != 0)
			__builtin_trap();
	if (dir)
		closedir(dir);
}

static void look(struct unpack *u)
{
	struct walk_result seen = { 0 };
	struct tree tree;
	uint64_t sum = 0;

	tree_init(&tree);
	if (walk_root(u->root, &(struct walk_options){ .threads = 1 }, &tree, &seen,
		      NULL) == 0) {
		unpack_restore(u, &tree, &seen);
		array_each (&tree.entries, i)
			sum += tree.entries.data[i].disk_bytes;
		if (seen.disk_bytes > sum)
			__builtin_trap();
	}
	walk_result_release(&seen);
	tree_release(&tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	_cleanup_(closep) int fd = memfd_create("archive", MFD_CLOEXEC);
	_cleanup_(freep) char *folder = NULL;
	struct unpack u = { 0 };
	char *top;

	if (fd < 0 || io_write_all(fd, data, len) < 0 || io_tempdir(&top, NULL) < 0)
		return 0;
	folder = mem_printf("%s/root", top);
	if (mkdir(folder, 0700) == 0 && unpack_init(&u, folder, NULL, NULL) == 0) {
		lseek(fd, 0, SEEK_SET);
		if (unpack_layer(&u, fd, NULL) == 0) {
			lseek(fd, 0, SEEK_SET);
			unpack_members(&u, fd, NULL);
		}
		look(&u);
		check_alone(top);
	}
	unpack_release(&u);
	tree_remove(top, NULL);
	free(top);
	return 0;
}
