#include "trimmer/repo_fetch.h"

#include "base/macros.h"
#include "base/text.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool repo_is_url(const char *place)
{
	static const char *const SCHEMES[] = { "http://", "https://", "file://" };

	for (size_t i = 0; i < ARRAY_LEN(SCHEMES); i++)
		if (text_starts(place, SCHEMES[i]))
			return true;
	return false;
}

struct sink {
	int fd;
	unsigned long long len;
};

/* Anything but the length that was given tells libcurl to stop. */
static size_t take(char *data, size_t size, size_t count, void *arg)
{
	struct sink *sink = arg;
	size_t len = size * count, at = 0;

	sink->len += len;
	if (sink->len > REPO_FETCH_MAX)
		return 0;
	while (at < len) {
		ssize_t n = write(sink->fd, data + at, len - at);

		if (n < 0)
			return 0;
		at += (size_t)n;
	}
	return len;
}

static int open_nameless(struct error *err)
{
	const char *folder = getenv("TMPDIR");
	int fd = open(folder && folder[0] ? folder : "/tmp",
		      O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	return fd < 0 ? error_errno(err, "cannot make a temporary file") : fd;
}

static CURLcode transfer(CURL *curl, const char *url, struct sink *sink)
{
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https,file");
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 5L);
	curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 30L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 30L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, sink);
	return curl_easy_perform(curl);
}

static int say(CURLcode code, const struct sink *sink, const char *url, struct error *err)
{
	if (code == CURLE_HTTP_RETURNED_ERROR || code == CURLE_FILE_COULDNT_READ_FILE ||
	    code == CURLE_REMOTE_FILE_NOT_FOUND)
		return error_set(err, -ENOENT, "'%s': %s", url, curl_easy_strerror(code));
	if (sink->len > REPO_FETCH_MAX)
		return error_set(err, -EFBIG, "'%s': more than %llu MiB", url,
				 REPO_FETCH_MAX >> 20);
	return error_set(err, -EIO, "'%s': %s", url, curl_easy_strerror(code));
}

int repo_fetch(const char *url, int *ret, struct error *err)
{
	struct sink sink = { .fd = open_nameless(err) };
	CURL *curl;
	CURLcode code;

	if (sink.fd < 0)
		return sink.fd;
	curl = curl_easy_init();
	code = curl ? transfer(curl, url, &sink) : CURLE_OUT_OF_MEMORY;
	curl_easy_cleanup(curl);
	if (code != CURLE_OK) {
		close(sink.fd);
		return say(code, &sink, url, err);
	}
	lseek(sink.fd, 0, SEEK_SET);
	*ret = sink.fd;
	return 0;
}
