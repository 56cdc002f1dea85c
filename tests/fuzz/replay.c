/*
 * replay – a main() for fuzzers in builds without libFuzzer: run each file of the named
 * folders (or the named files) once. No file at all is a failure, so that a moved corpus is
 * noticed.
 */
#include "base/io.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define REPLAY_MAX_BYTES (64u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int replay_file(const char *path)
{
	_cleanup_(freep) char *data = NULL;
	struct error err = { 0 };
	size_t len;

	if (io_read_file(path, REPLAY_MAX_BYTES, &data, &len, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return -1;
	}
	LLVMFuzzerTestOneInput((const uint8_t *)data, len);
	return 1;
}

static int replay_folder(const char *path)
{
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, NULL, alphasort), files = 0;

	for (int i = 0; i < count; i++) {
		_cleanup_(freep) char *file =
			mem_printf("%s/%s", path, entries[i]->d_name);

		if (files >= 0 && entries[i]->d_name[0] != '.')
			files = replay_file(file) < 0 ? -1 : files + 1;
		free(entries[i]);
	}
	free(entries);
	return count < 0 ? -1 : files;
}

int main(int argc, char **argv)
{
	int total = 0;

	for (int i = 1; i < argc; i++) {
		struct stat st;
		int n;

		if (stat(argv[i], &st) < 0) {
			perror(argv[i]);
			return 1;
		}
		n = S_ISDIR(st.st_mode) ? replay_folder(argv[i]) : replay_file(argv[i]);
		if (n < 0)
			return 1;
		total += n;
	}
	printf("%d inputs\n", total);
	return total > 0 ? 0 : 1;
}
