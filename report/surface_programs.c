#include "report/surface_programs.h"

#include "base/macros.h"
#include "rules/glob.h"

#include <string.h>

#define LINKS_MAX 40 /* as the kernel */

/* A digit behind the name is a version: python3.11, but not python-config. */
const char *const SURFACE_SHELLS[] = {
	"sh",
	"bash",
	"dash",
	"ash",
	"zsh",
	"ksh",
	"ksh[0-9]*",
	"mksh",
	"tcsh",
	"csh",
	"fish",
	"rbash",
	"yash",
	"busybox",
	"toybox",
	"python",
	"python[0-9]",
	"python[0-9].[0-9]",
	"python[0-9].[0-9][0-9]",
	"pypy*",
	"perl",
	"perl[0-9]*",
	"ruby",
	"ruby[0-9]*",
	"irb",
	"lua",
	"lua[0-9]*",
	"luajit*",
	"node",
	"nodejs",
	"deno",
	"bun",
	"php",
	"php[0-9]*",
	"tclsh",
	"tclsh[0-9]*",
	"expect",
	"guile",
	"guile[0-9]*",
	"awk",
	"gawk",
	"mawk",
	"nawk",
	"original-awk",
	"java",
	"jshell",
	"Rscript",
	"ocaml",
	"erl",
	"escript",
	"pwsh",
	"platform-python*",
	"gjs",
	"gjs-console",
	NULL,
};

const char *const SURFACE_BUILDERS[] = {
	"cc",	     "c++",
	"gcc",	     "gcc-[0-9]*",
	"*-gcc",     "*-gcc-[0-9]*",
	"g++",	     "g++-[0-9]*",
	"*-g++",     "*-g++-[0-9]*",
	"clang",     "clang-[0-9]*",
	"clang++",   "clang++-[0-9]*",
	"cpp",	     "cpp-[0-9]*",
	"tcc",	     "as",
	"*-as",	     "ld",
	"ld.bfd",    "ld.gold",
	"ld.lld",    "lld",
	"*-ld",	     "*-ld.bfd",
	"*-ld.gold", "gold",
	"mold",	     "nasm",
	"yasm",	     "go",
	"gccgo*",    "rustc",
	"ghc",	     "gfortran*",
	"gdc*",	     "ldc2",
	"javac",     "swiftc",
	"zig",	     "nim",
	"make",	     "gmake",
	"ninja",     "cmake",
	NULL,
};

const char *const SURFACE_TRACERS[] = {
	"gdb",	     "gdbserver", "lldb",    "lldb-[0-9]*", "lldb-server*", "dlv",
	"strace",    "ltrace",	  "perf",    "perf_[0-9]*", "bpftrace",	    "bpftool",
	"trace-cmd", "stap",	  "staprun", "valgrind",    "eu-stack",	    "gcore",
	"crash",     "drgn",	  "tcpdump", "tshark",	    "dumpcap",	    "rr",
	"uftrace",   NULL,
};

static const char *const FOLDERS[] = { "/usr/local/sbin/", "/usr/local/bin/",
				       "/usr/sbin/",	   "/usr/bin/",
				       "/sbin/",	   "/bin/" };

/* The name of a command, NULL where @p path is in no folder of PATH. */
static const char *command_name(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(FOLDERS); i++) {
		size_t len = strlen(FOLDERS[i]);

		if (strncmp(path, FOLDERS[i], len) == 0 && !strchr(path + len, '/'))
			return path + len;
	}
	return NULL;
}

/* The file behind symlinks; 0 when it is not in the root. */
static file_id behind(const struct graph *g, file_id f)
{
	for (int links = 0; g->files[f].type == FILE_SYMLINK; links++) {
		file_id next = 0;

		for (uint32_t i = g->edge_start[f]; i < g->edge_start[f + 1]; i++)
			if (g->edges[i].kind == EDGE_SYMLINK &&
			    graph_node_is_file(g, g->edges[i].to))
				next = g->edges[i].to;
		if (!next || links == LINKS_MAX)
			return 0;
		f = next;
	}
	return f;
}

static bool is_program(const struct graph *g, file_id f)
{
	return f && g->files[f].type == FILE_REGULAR && g->files[f].mode & 0111 &&
	       graph_file_on_disk(&g->files[f]);
}

typedef void command_fn(file_id command, file_id program, const char *name, void *arg);

static void each_command(const struct graph *g, command_fn *fn, void *arg)
{
	for (file_id f = 1; f <= g->file_count; f++) {
		const char *name = command_name(graph_text(g, g->files[f].path));
		file_id program;

		if (!name || !graph_file_on_disk(&g->files[f]))
			continue;
		program = behind(g, f);
		if (is_program(g, program))
			fn(f, program, name, arg);
	}
}

static void take_command(file_id command, file_id program, const char *name, void *arg)
{
	(void)program;
	(void)name;
	idset_add(arg, command);
}

void surface_find_commands(const struct graph *g, struct idset *files)
{
	each_command(g, take_command, files);
}

struct program_search {
	const char *const *names;
	struct idset *files;
};

static void take_program(file_id command, file_id program, const char *name, void *arg)
{
	const struct program_search *search = arg;

	(void)command;
	for (size_t i = 0; search->names[i]; i++)
		if (glob_match(search->names[i], name)) {
			idset_add(search->files, program);
			return;
		}
}

void surface_find_programs(const struct graph *g, const char *const *names,
			   struct idset *files)
{
	struct program_search search = { names, files };

	each_command(g, take_program, &search);
}
