/*
 * Lines of ascii_runtime_measurements:
 *	PCR TEMPLATE-HASH ima DIGEST PATH
 *	PCR TEMPLATE-HASH ima-ng ALGORITHM:DIGEST PATH
 *	PCR TEMPLATE-HASH ima-sig ALGORITHM:DIGEST PATH [SIGNATURE]
 * The kernel writes '_' for blanks in paths (ima_write_template_field_data()).
 */
#include "analyzer/evidence_format.h"
#include "analyzer/evidence_text.h"

#include <ctype.h>
#include <string.h>

#define HASH_MIN 32 /* digits of MD5 */

static const char *hex_word(const char *at)
{
	size_t n = 0;

	while (isxdigit((unsigned char)at[n]))
		n++;
	return n >= HASH_MIN && at[n] == ' ' ? at + n + 1 : NULL;
}

/* Behind the template's name, or NULL. */
static const char *after_template(const char *line)
{
	uint64_t pcr;
	const char *at = text_blanks(line);

	if (!text_number(&at, &pcr) || *at++ != ' ')
		return NULL;
	at = hex_word(at);
	if (!at || !text_word(&at, "ima"))
		return NULL;
	at += strcspn(at, " ");
	return *at == ' ' ? at + 1 : NULL;
}

static bool detect(const char *head, size_t len)
{
	(void)len;
	return after_template(head) != NULL;
}

static int read_line(void *state, struct evidence *ev, char *line, size_t len,
		     struct error *err)
{
	const char *at = after_template(line);
	size_t path_len;

	(void)state;
	(void)len;
	(void)err;
	if (!at)
		return 1;
	at += strcspn(at, " ");
	if (*at++ != ' ')
		return 1;
	path_len = strcspn(at, " ");
	if (at[0] != '/') /* boot_aggregate, kexec-cmdline ... */
		return 0;
	evidence_use(ev, &(struct evidence_event){
				 .path = at, .len = path_len, .use = USE_OPENED });
	return 0;
}

const struct evidence_format EVIDENCE_IMA = {
	.name = "ima",
	.summary =
		"ascii_runtime_measurements of the kernel's IMA (ima, ima-ng, ima-sig)",
	.detect = detect,
	.line = read_line,
};
