#include "trimmer/rpm_session.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/strpool.h"
#include "base/text.h"

#include <errno.h>
#include <rpm/header.h>
#include <rpm/rpmdb.h>
#include <rpm/rpmlib.h>
#include <rpm/rpmmacro.h>
#include <string.h>

static int keep_log(rpmlogRec rec, rpmlogCallbackData data)
{
	struct rpm_session *s = data;
	_cleanup_(freep) char *text = NULL;

	if (rpmlogRecPriority(rec) > RPMLOG_ERR || s->first_error)
		return 0;
	text = mem_strdup(rpmlogRecMessage(rec));
	text[strcspn(text, "\n")] = '\0';
	s->first_error = text_printable_dup(text);
	return 0;
}

void rpm_session_end(struct rpm_session *s)
{
	if (s->ts) {
		rpmtsFree(s->ts);
		rpmPopMacro(NULL, "_dbpath");
		rpmPopMacro(NULL, "_db_backend");
	}
	rpmlogSetCallback(NULL, NULL);
	free(s->first_error);
}

const char *rpm_session_reason(const struct rpm_session *s)
{
	return s->first_error ? s->first_error : "no reason";
}

/* '%' begins a macro in what is pushed. */
static char *quote_macro(const char *text)
{
	struct strbuf out = { 0 };

	for (; *text; text++) {
		if (*text == '%')
			strbuf_putc(&out, '%');
		strbuf_putc(&out, *text);
	}
	return strbuf_detach(&out);
}

int rpm_session_prepare(struct error *err)
{
	char *nothing;

	if (rpmReadConfigFiles(NULL, NULL) != 0)
		return error_set(err, -EIO, "RPM cannot read its configuration");
	nothing = rpmExpand("%{lua:return ''}", NULL);
	free(nothing);
	return 0;
}

int rpm_session_begin(struct rpm_session *s, const char *tree, const char *folder,
		      int flags, struct error *err)
{
	_cleanup_(freep) char *quoted = quote_macro(folder);

	rpmlogSetCallback(keep_log, s);
	rpmPushMacro(NULL, "_dbpath", NULL, quoted, RMIL_CMDLINE);
	rpmPushMacro(NULL, "_db_backend", NULL, "sqlite", RMIL_CMDLINE);
	s->ts = rpmtsCreate();
	rpmtsSetRootDir(s->ts, tree);
	rpmtsSetVSFlags(s->ts, RPMVSF_MASK_NODIGESTS | RPMVSF_MASK_NOSIGNATURES);
	if (rpmtsOpenDB(s->ts, flags) != 0)
		return error_set(err, -EIO, "RPM cannot open its database: %s",
				 rpm_session_reason(s));
	return 0;
}

text_list rpm_session_erase(struct rpm_session *s, const char *const *nevras,
			    size_t count)
{
	rpmdbMatchIterator it = rpmtsInitIterator(s->ts, RPMDBI_PACKAGES, NULL, 0);
	bool *seen = mem_calloc(count + 1, sizeof(bool));
	text_list missing = { 0 };
	struct strpool names;
	Header h;

	strpool_init(&names);
	for (size_t i = 0; i < count; i++)
		strpool_add(&names, nevras[i]);
	while ((h = rpmdbNextIterator(it))) {
		char *nevra = headerGetAsString(h, RPMTAG_NEVRA);
		str_id id = nevra ? strpool_find(&names, nevra) : 0;

		free(nevra);
		if (id == 0)
			continue;
		seen[id] = true;
		rpmtsAddEraseElement(s->ts, h, -1);
	}
	rpmdbFreeIterator(it);
	for (str_id id = 1; id <= names.count; id++)
		if (!seen[id])
			array_push(&missing,
				   text_printable_dup(strpool_text(&names, id)));
	strpool_release(&names);
	free(seen);
	return missing;
}
