/*
 * floor ROOT: the least that any analysis of a root must do, as fast as this machine does
 * it: list and stat every entry, read the first 4 KiB of every regular file and the
 * dynamic section of every ELF file, with all processors. Prints what it saw.
 *
 * It shares no code with tare, so that the two can be compared.
 */
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD	    4096
#define DYNAMIC_MAX 65536
#define THREADS_MAX 64

/* Not entered, as by tare: they hold what other systems made. */
static const char *const BOUNDARIES[] = { "/proc", "/sys", "/dev", "/run" };

struct counts {
	uint64_t entries, regular, elf, dynamic, disk_bytes;
};

/* Folders that wait; a thread without work waits until all have none. */
struct floor {
	int root;
	dev_t device;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	char **folders; /* paths below the root, "" is itself */
	size_t len, cap;
	unsigned int busy;
	struct counts total;
};

struct worker {
	struct floor *floor;
	struct counts seen;
	unsigned char head[HEAD], dynamic[DYNAMIC_MAX];
	uint64_t sum; /* of what was read, so that reading is not for nothing */
};

static void push(struct floor *floor, char *path)
{
	pthread_mutex_lock(&floor->lock);
	if (floor->len == floor->cap) {
		floor->cap = floor->cap ? floor->cap * 2 : 256;
		floor->folders = realloc(floor->folders, floor->cap * sizeof(char *));
		if (!floor->folders)
			abort();
	}
	floor->folders[floor->len++] = path;
	pthread_cond_signal(&floor->changed);
	pthread_mutex_unlock(&floor->lock);
}

/* The next folder; NULL when there is none and nobody can find another. */
static char *pop(struct floor *floor, bool was_busy)
{
	char *path = NULL;

	pthread_mutex_lock(&floor->lock);
	floor->busy -= was_busy;
	while (floor->len == 0 && floor->busy > 0)
		pthread_cond_wait(&floor->changed, &floor->lock);
	if (floor->len > 0) {
		path = floor->folders[--floor->len];
		floor->busy++;
	} else {
		pthread_cond_broadcast(&floor->changed);
	}
	pthread_mutex_unlock(&floor->lock);
	return path;
}

static uint64_t number(const unsigned char *p, unsigned int bytes, bool big)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < bytes; i++)
		value = value << 8 | p[big ? i : bytes - 1 - i];
	return value;
}

static void read_dynamic(struct worker *worker, int fd, uint64_t offset, uint64_t len)
{
	ssize_t n;

	if (len > DYNAMIC_MAX)
		len = DYNAMIC_MAX;
	n = pread(fd, worker->dynamic, len, (off_t)offset);
	worker->seen.dynamic++;
	for (ssize_t i = 0; i < n; i++)
		worker->sum += worker->dynamic[i];
}

static void read_elf(struct worker *worker, int fd, uint64_t len)
{
	const unsigned char *head = worker->head;
	bool wide = head[EI_CLASS] == ELFCLASS64, big = head[EI_DATA] == ELFDATA2MSB;
	unsigned int word = wide ? 8 : 4, each = wide ? 56 : 32;
	uint64_t table, count;

	worker->seen.elf++;
	if (len < 64)
		return;
	table = number(head + (wide ? 32 : 28), word, big);
	count = number(head + (wide ? 56 : 44), 2, big);
	for (uint64_t i = 0; i < count; i++) {
		uint64_t at = table + i * each;

		if (at > len || len - at < each)
			return;
		if (number(head + at, 4, big) != PT_DYNAMIC)
			continue;
		read_dynamic(worker, fd, number(head + at + (wide ? 8 : 4), word, big),
			     number(head + at + (wide ? 32 : 16), word, big));
		return;
	}
}

static void read_file(struct worker *worker, int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t len;

	worker->seen.regular++;
	if (fd < 0)
		return;
	len = pread(fd, worker->head, HEAD, 0);
	if (len > 0)
		worker->sum += worker->head[0] + worker->head[len - 1];
	if (len >= SELFMAG && memcmp(worker->head, ELFMAG, SELFMAG) == 0)
		read_elf(worker, fd, (uint64_t)len);
	close(fd);
}

static bool is_boundary(const char *path)
{
	for (size_t i = 0; i < sizeof(BOUNDARIES) / sizeof(BOUNDARIES[0]); i++)
		if (strcmp(path, BOUNDARIES[i]) == 0)
			return true;
	return false;
}

static void see_entry(struct worker *worker, int folder, const char *path,
		      const char *name)
{
	struct stat st;
	char *below;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	worker->seen.entries++;
	worker->seen.disk_bytes += (uint64_t)st.st_blocks * 512;
	if (S_ISREG(st.st_mode)) {
		read_file(worker, folder, name);
	} else if (S_ISDIR(st.st_mode) && st.st_dev == worker->floor->device) {
		if (asprintf(&below, "%s/%s", path, name) < 0)
			abort();
		if (is_boundary(below))
			free(below);
		else
			push(worker->floor, below);
	}
}

static void see_folder(struct worker *worker, const char *path)
{
	int fd = openat(worker->floor->root, path[0] ? path + 1 : ".",
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct dirent *entry;
	DIR *dir;

	if (fd < 0)
		return;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return;
	}
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			see_entry(worker, fd, path, entry->d_name);
	closedir(dir);
}

static void *work(void *arg)
{
	struct worker *worker = arg;
	struct counts *total = &worker->floor->total;
	bool busy = false;
	char *path;

	while ((path = pop(worker->floor, busy))) {
		see_folder(worker, path);
		free(path);
		busy = true;
	}
	pthread_mutex_lock(&worker->floor->lock);
	total->entries += worker->seen.entries;
	total->regular += worker->seen.regular;
	total->elf += worker->seen.elf;
	total->dynamic += worker->seen.dynamic;
	total->disk_bytes += worker->seen.disk_bytes;
	pthread_mutex_unlock(&worker->floor->lock);
	return NULL;
}

static unsigned int processors(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof(set), &set) < 0 ? 1 : CPU_COUNT(&set);

	return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (unsigned int)n;
}

int main(int argc, char **argv)
{
	struct floor floor = { .lock = PTHREAD_MUTEX_INITIALIZER,
			       .changed = PTHREAD_COND_INITIALIZER,
			       .total = { .entries = 1 } };
	unsigned int threads = processors();
	struct worker *workers;
	pthread_t ids[THREADS_MAX];
	struct stat st;

	if (argc != 2) {
		fprintf(stderr, "Usage: floor ROOT\n");
		return 2;
	}
	floor.root = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (floor.root < 0 || fstat(floor.root, &st) < 0) {
		fprintf(stderr, "floor: cannot open '%s': %s\n", argv[1],
			strerror(errno));
		return 3;
	}
	workers = calloc(threads, sizeof(*workers));
	if (!workers)
		abort();
	floor.device = st.st_dev;
	push(&floor, strdup(""));
	for (unsigned int i = 0; i < threads; i++) {
		workers[i].floor = &floor;
		if (pthread_create(&ids[i], NULL, work, &workers[i]) != 0)
			abort();
	}
	for (unsigned int i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	printf("entries %llu regular %llu elf %llu dynamic %llu threads %u\n",
	       (unsigned long long)floor.total.entries,
	       (unsigned long long)floor.total.regular,
	       (unsigned long long)floor.total.elf,
	       (unsigned long long)floor.total.dynamic, threads);
	free(floor.folders);
	free(workers);
	close(floor.root);
	return 0;
}
