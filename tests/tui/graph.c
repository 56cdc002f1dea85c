/*
 * graph – writes the graph of the screen tests: a small container host with a hostile
 * name, two providers of one capability, a loop, unowned files and findings.
 *
 *	tui_graph tare.db [seen]		seen: with usage evidence
 */
#include "../unit/support/test.h"

#include "../unit/support/tiny_graph.h"
#include "graph/usage_write.h"

#include <string.h>

static const char LINES[] =
	"os tinyhost\n"
	"pkg containerd\n"
	"pkg runc\n"
	"pkg glibc\n"
	"pkg openssl-libs\n"
	"pkg boringssl-libs\n"
	"pkg systemd\n"
	"pkg kernel\n"
	"pkg perl\n"
	"pkg perl-libs\n"
	"pkg cockpit\n"
	"pkg cockpit-ws\n"
	"pkg telnet\n"
	"pkg fonts\n"
	"pkg egg\n"
	"pkg hen\n"
	"pkg evil\033[31mname\n"
	"provide glibc libc.so.6\n"
	"provide openssl-libs libssl.so.3\n"
	"provide boringssl-libs libssl.so.3\n"
	"provide perl-libs perl-libs\n"
	"provide perl perl\n"
	"provide cockpit-ws cockpit-ws\n"
	"provide runc runc\n"
	"provide systemd systemd\n"
	"provide egg egg\n"
	"provide hen hen\n"
	"require containerd libc.so.6\n"
	"require containerd runc\n"
	"require runc libc.so.6\n"
	"require systemd libc.so.6\n"
	"require openssl-libs libc.so.6\n"
	"require boringssl-libs libc.so.6\n"
	"require perl libc.so.6\n"
	"require perl perl-libs\n"
	"require cockpit cockpit-ws\n"
	"require cockpit-ws libssl.so.3\n"
	"require cockpit-ws systemd\n"
	"require telnet libc.so.6\n"
	"require egg hen\n"
	"require hen egg\n"
	"dir /\n"
	"dir /usr\n"
	"dir /usr/bin\n"
	"dir /usr/lib\n"
	"dir /usr/lib/systemd\n"
	"dir /usr/lib/systemd/system\n"
	"dir /usr/lib64\n"
	"dir /usr/share\n"
	"dir /usr/share/fonts\n"
	"dir /opt\n"
	"dir /opt/bin\n"
	"file /usr/bin/containerd executable containerd\n"
	"file /usr/bin/runc executable runc\n"
	"file /usr/bin/perl executable perl\n"
	"file /usr/bin/telnet executable telnet\n"
	"file /usr/bin/cockpit-bridge executable cockpit\n"
	"file /usr/bin/egg executable egg\n"
	"file /usr/bin/hen executable hen\n"
	"file /usr/lib/systemd/systemd executable systemd\n"
	"file /usr/lib/systemd/system/containerd.service unit containerd\n"
	"file /usr/lib/systemd/system/cockpit.service unit cockpit-ws\n"
	"file /usr/lib/systemd/system/multi-user.target unit systemd\n"
	"file /usr/lib64/libc.so.6 library glibc\n"
	"file /usr/lib64/libssl.so.3 library openssl-libs\n"
	"file /usr/lib64/libboring.so.1 library boringssl-libs\n"
	"file /usr/lib64/libperl.so.5 library perl-libs\n"
	"file /usr/lib/vmlinuz kernel kernel\n"
	"file /usr/share/fonts/sans.ttf data fonts\n"
	"file /usr/share/fonts/serif.ttf data fonts\n"
	"file /opt/bin/kubelet executable\n"
	"file /usr/lib/systemd/system/default.target unit systemd\n"
	"edge /usr/lib/systemd/system/default.target unit "
	"/usr/lib/systemd/system/multi-user.target\n"
	"service /usr/lib/systemd/system/containerd.service notify /usr/bin/containerd\n"
	"elf /usr/bin/containerd 20971520 4194304\n"
	"size /usr/bin/containerd 41943040\n"
	"size /usr/bin/runc 12582912\n"
	"size /usr/bin/perl 3145728\n"
	"size /usr/lib64/libperl.so.5 8388608\n"
	"size /usr/lib64/libc.so.6 2097152\n"
	"size /usr/lib64/libssl.so.3 1048576\n"
	"size /usr/lib64/libboring.so.1 1572864\n"
	"size /usr/lib/systemd/systemd 6291456\n"
	"size /usr/lib/vmlinuz 14680064\n"
	"size /usr/share/fonts/sans.ttf 20971520\n"
	"size /usr/share/fonts/serif.ttf 10485760\n"
	"size /usr/bin/cockpit-bridge 5242880\n"
	"size /opt/bin/kubelet 62914560\n"
	"edge /usr/bin/containerd needed /usr/lib64/libc.so.6\n"
	"edge /usr/bin/containerd exec /usr/bin/runc\n"
	"edge /usr/bin/runc needed /usr/lib64/libc.so.6\n"
	"edge /usr/bin/perl needed /usr/lib64/libc.so.6\n"
	"edge /usr/bin/perl needed /usr/lib64/libperl.so.5\n"
	"edge /usr/bin/cockpit-bridge needed /usr/lib64/libssl.so.3\n"
	"edge /usr/lib64/libssl.so.3 needed /usr/lib64/libc.so.6\n"
	"edge /usr/lib/systemd/systemd needed /usr/lib64/libc.so.6\n"
	"edge /usr/lib/systemd/system/containerd.service unit-exec /usr/bin/containerd\n"
	"edge /usr/lib/systemd/system/cockpit.service unit-exec /usr/bin/cockpit-bridge\n"
	"edge /usr/lib/systemd/system/multi-user.target unit "
	"/usr/lib/systemd/system/containerd.service\n"
	"finding warning unresolved-soname /usr/bin/telnet\n"
	"finding error bad-elf /opt/bin/kubelet\n";

/* Two days of one node: what was run there, and by whom. */
static void add_evidence(const char *path)
{
	_cleanup_(store_closep) struct store *st = NULL;
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(usage_writer_freep) struct usage_writer *writer = NULL;
	use_rows uses = { 0 };
	memory_rows memory = { 0 };
	file_id containerd, runc, telnet, perl, libc;

	assert_int_equal(store_open_write(path, &st, NULL), 0);
	assert_int_equal(graph_load(st, &g, NULL), 0);
	containerd = tiny_file(g, "/usr/bin/containerd");
	runc = tiny_file(g, "/usr/bin/runc");
	telnet = tiny_file(g, "/usr/bin/telnet");
	perl = tiny_file(g, "/usr/bin/perl");
	libc = tiny_file(g, "/usr/lib64/libc.so.6");
	array_push(&uses, (struct use_row){ containerd, USE_EXECUTED, SCOPE_HOST, 0, 1 });
	array_push(&uses,
		   (struct use_row){ runc, USE_EXECUTED, SCOPE_HOST, containerd, 40 });
	array_push(&uses, (struct use_row){ telnet, USE_EXECUTED, SCOPE_HOST, 0, 3 });
	array_push(&uses, (struct use_row){ telnet, USE_OPENED, SCOPE_HOST, 0, 1 });
	array_push(&uses, (struct use_row){ perl, USE_OPENED, SCOPE_CONTAINER, 0, 9 });
	array_push(&uses,
		   (struct use_row){ libc, USE_MAPPED, SCOPE_HOST, containerd, 44 });
	array_push(&memory, (struct memory_row){ containerd, SCOPE_HOST, 0, 1, 50331648,
						 41943040 });
	use_rows_normalize(&uses);
	memory_rows_normalize(&memory);
	assert_int_equal(usage_writer_new(st, &writer, NULL), 0);
	assert_int_equal(usage_writer_add(writer,
					  &(struct evidence_row){
						  .digest = "d1",
						  .source = "observe",
						  .node = "node-1",
						  .begin = 1767225600,
						  .end = 1767225600 + 2 * 86400,
						  .complete = true,
						  .whole_node = true,
						  .uses = &uses,
						  .memory = &memory,
					  },
					  NULL),
			 0);
	assert_int_equal(usage_writer_commit(writer, NULL), 0);
	array_release(&uses);
	array_release(&memory);
}

int main(int argc, char **argv)
{
	bool seen = argc == 3 && strcmp(argv[2], "seen") == 0;
	bool compressed = argc == 3 && strcmp(argv[2], "compressed") == 0;
	_cleanup_(freep) char *lines =
		mem_printf("%s%s", LINES, compressed ? "compressed-thirds\n" : "");

	if (argc != 2 && !seen && !compressed)
		return 2;
	tiny_store(lines, argv[1]);
	if (seen)
		add_evidence(argv[1]);
	return 0;
}
