/*
 * model – the words of the graph: ids, enumerations with their names, flag bits.
 *
 * Every enumeration is stored by name, so a graph can be read with the sqlite3 program
 * alone. X_name() gives the name; X_parse() the value, or -1 for an unknown name.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Row ids: dense, 1 is the first, 0 is "none". */
typedef uint32_t pkg_id;
typedef uint32_t file_id;
typedef uint32_t cap_id;
typedef uint32_t req_id;
typedef uint32_t node_id; /* of a requirement's expression tree */

#define MODEL_FILE_TYPES(X)                                                              \
	X(FILE_REGULAR, "regular")                                                       \
	X(FILE_DIRECTORY, "directory")                                                   \
	X(FILE_SYMLINK, "symlink")                                                       \
	X(FILE_FIFO, "fifo")                                                             \
	X(FILE_SOCKET, "socket")                                                         \
	X(FILE_CHAR, "char")                                                             \
	X(FILE_BLOCK, "block")

#define MODEL_CATEGORIES(X)                                                              \
	X(CATEGORY_DATA, "data") /* what nothing else fits */                            \
	X(CATEGORY_DIRECTORY, "directory")                                               \
	X(CATEGORY_SYMLINK, "symlink")                                                   \
	X(CATEGORY_SPECIAL, "special")	     /* devices, fifos, sockets */               \
	X(CATEGORY_EXECUTABLE, "executable") /* ELF program */                           \
	X(CATEGORY_LIBRARY, "library")	     /* ELF shared object */                     \
	X(CATEGORY_OBJECT, "object") /* ELF relocatable that is no kernel module */      \
	X(CATEGORY_KERNEL, "kernel")                                                     \
	X(CATEGORY_KERNEL_MODULE, "kernel-module")                                       \
	X(CATEGORY_FIRMWARE, "firmware")                                                 \
	X(CATEGORY_INITRAMFS, "initramfs")                                               \
	X(CATEGORY_BOOT, "boot") /* boot loader, EFI programs */                         \
	X(CATEGORY_SCRIPT, "script")                                                     \
	X(CATEGORY_MODULE_SCRIPT, "interpreted-library") /* .py, .pm, .lua ... */        \
	X(CATEGORY_BYTECODE, "bytecode")                                                 \
	X(CATEGORY_UNIT, "unit") /* systemd */                                           \
	X(CATEGORY_CONFIG, "config")                                                     \
	X(CATEGORY_DOCUMENTATION, "documentation")                                       \
	X(CATEGORY_LICENCE, "licence")                                                   \
	X(CATEGORY_MAN, "man")                                                           \
	X(CATEGORY_INFO, "info")                                                         \
	X(CATEGORY_LOCALE, "locale")                                                     \
	X(CATEGORY_HEADER, "header")                                                     \
	X(CATEGORY_STATIC_LIBRARY, "static-library")                                     \
	X(CATEGORY_DEBUG, "debug-info")                                                  \
	X(CATEGORY_CACHE, "cache")                                                       \
	X(CATEGORY_LOG, "log")                                                           \
	X(CATEGORY_CERTIFICATE, "certificate")                                           \
	X(CATEGORY_TIMEZONE, "timezone")                                                 \
	X(CATEGORY_TERMINFO, "terminfo")                                                 \
	X(CATEGORY_COMPLETION, "completion")                                             \
	X(CATEGORY_RPMDB, "rpmdb")                                                       \
	X(CATEGORY_CONTAINER, "container-storage")

#define MODEL_CLASSIFIERS(X)                                                             \
	X(CLASSIFIED_TYPE, "type") /* not a regular file */                              \
	X(CLASSIFIED_PATH, "path")                                                       \
	X(CLASSIFIED_FLAGS, "flags")	 /* RPM's doc, config, licence flags */          \
	X(CLASSIFIED_CONTENT, "content") /* the first bytes */                           \
	X(CLASSIFIED_MAGIC, "libmagic")                                                  \
	X(CLASSIFIED_NONE, "none") /* could not be read */

#define MODEL_FILE_STATES(X)                                                             \
	X(STATE_PRESENT, "present")                                                      \
	X(STATE_MISSING, "missing") /* the rpmdb says installed, the disk has none */    \
	X(STATE_REPLACED,                                                                \
	  "replaced") /* another package's file is there, says the rpmdb */              \
	X(STATE_NOT_INSTALLED,                                                           \
	  "not-installed") /* %_excludedocs, %_install_langs, other colour */            \
	X(STATE_CHANGED_TYPE, "changed-type")                                            \
	X(STATE_CHANGED_SIZE, "changed-size")                                            \
	X(STATE_CHANGED_DIGEST, "changed-digest")                                        \
	X(STATE_DECLARED, "declared") /* nobody looked: metadata-only, below a boundary */

#define MODEL_STRENGTHS(X)                                                               \
	X(REQ_REQUIRES, "requires")                                                      \
	X(REQ_RECOMMENDS, "recommends")                                                  \
	X(REQ_SUGGESTS, "suggests")                                                      \
	X(REQ_SUPPLEMENTS, "supplements")                                                \
	X(REQ_ENHANCES, "enhances")                                                      \
	X(REQ_CONFLICTS, "conflicts")                                                    \
	X(REQ_OBSOLETES, "obsoletes")

#define MODEL_REQUIREMENT_STATES(X)                                                      \
	X(REQ_CHECKED, "checked")                                                        \
	X(REQ_SELF, "self")	/* config(name) and other self-provided bookkeeping */   \
	X(REQ_RPMLIB, "rpmlib") /* rpmlib(...): a feature of RPM itself */               \
	X(REQ_BAD, "bad")	/* a rich dependency that RPM cannot parse */

#define MODEL_NODE_OPERATORS(X)                                                          \
	X(NODE_CAPABILITY, "capability")                                                 \
	X(NODE_AND, "and")                                                               \
	X(NODE_OR, "or")                                                                 \
	X(NODE_IF,                                                                       \
	  "if") /* left needed when right holds; else: needed when it does not */        \
	X(NODE_UNLESS, "unless") /* left forbidden unless right holds (in conflicts) */  \
	X(NODE_WITH, "with")	 /* one package that satisfies both sides */             \
	X(NODE_WITHOUT, "without")

#define MODEL_ELF_TYPES(X)                                                               \
	X(ELF_EXECUTABLE, "executable")                                                  \
	X(ELF_PIE, "pie")                                                                \
	X(ELF_SHARED, "shared")                                                          \
	X(ELF_RELOCATABLE, "relocatable")                                                \
	X(ELF_MODULE, "module")                                                          \
	X(ELF_CORE, "core")                                                              \
	X(ELF_OTHER, "other")

#define MODEL_NEEDED_VIAS(X)                                                             \
	X(VIA_ABSENT, "absent")                                                          \
	X(VIA_PATH, "path") /* the name has a slash */                                   \
	X(VIA_RPATH, "rpath")                                                            \
	X(VIA_RUNPATH, "runpath")                                                        \
	X(VIA_LDSOCONF, "ld.so.conf")                                                    \
	X(VIA_DEFAULT, "default")                                                        \
	X(VIA_HWCAPS, "hwcaps")                                                          \
	X(VIA_DECLARED,                                                                  \
	  "declared") /* metadata-only: from the header's file dependencies */

#define MODEL_EDGE_KINDS(X)                                                              \
	X(EDGE_NEEDED, "needed")	   /* DT_NEEDED */                               \
	X(EDGE_INTERPRETER, "interpreter") /* PT_INTERP */                               \
	X(EDGE_AUDIT, "audit")	   /* DT_AUDIT, DT_DEPAUDIT, DT_FILTER, DT_AUXILIARY */  \
	X(EDGE_PRELOAD, "preload") /* ld.so.preload */                                   \
	X(EDGE_SHEBANG, "shebang")                                                       \
	X(EDGE_SYMLINK, "symlink")                                                       \
	X(EDGE_DLOPEN, "dlopen")                                                         \
	X(EDGE_PLUGIN, "plugin")     /* loaded from a folder by a library's own rule */  \
	X(EDGE_EXEC, "exec")	     /* a command in a script or program */              \
	X(EDGE_PATH, "path")	     /* an absolute path in data */                      \
	X(EDGE_IMPORT, "import")     /* Python, Perl */                                  \
	X(EDGE_BYTECODE, "bytecode") /* .pyc to its .py */                               \
	X(EDGE_CONFIG, "config")     /* a program reads this configuration */            \
	X(EDGE_READS,                                                                    \
	  "reads") /* reads it where it is there: holds while its package stays */       \
	X(EDGE_UNIT, "unit") /* systemd dependency */                                    \
	X(EDGE_UNIT_EXEC, "unit-exec")                                                   \
	X(EDGE_DBUS, "dbus")                                                             \
	X(EDGE_UDEV, "udev")                                                             \
	X(EDGE_TMPFILES, "tmpfiles")                                                     \
	X(EDGE_SYSUSERS, "sysusers")                                                     \
	X(EDGE_PAM, "pam")                                                               \
	X(EDGE_NSS, "nss")                                                               \
	X(EDGE_GCONV, "gconv")                                                           \
	X(EDGE_OPENSSL, "openssl")                                                       \
	X(EDGE_SASL, "sasl")                                                             \
	X(EDGE_POLKIT, "polkit")                                                         \
	X(EDGE_CRON, "cron")                                                             \
	X(EDGE_LOGROTATE, "logrotate")                                                   \
	X(EDGE_ALTERNATIVE, "alternative")                                               \
	X(EDGE_XTABLES, "xtables")                                                       \
	X(EDGE_MODPROBE, "modprobe")	 /* modprobe.d, modules-load.d */                \
	X(EDGE_MODULE_DEP, "module-dep") /* modules.dep, softdep */                      \
	X(EDGE_FIRMWARE, "firmware")                                                     \
	X(EDGE_REQUEST_KEY, "request-key")                                               \
	X(EDGE_BINFMT, "binfmt")                                                         \
	X(EDGE_BOOT, "boot")	       /* boot loader entry, initramfs configuration */  \
	X(EDGE_PROFILE, "profile")     /* login scripts, MOTD */                         \
	X(EDGE_CONTAINER, "container") /* container-runtime configuration */             \
	X(EDGE_SCRIPTLET, "scriptlet") /* RPM scriptlets and triggers */

#define MODEL_EDGE_STRENGTHS(X)                                                          \
	X(EDGE_HARD, "hard")                                                             \
	X(EDGE_LIKELY, "likely")                                                         \
	X(EDGE_POSSIBLE, "possible")

#define MODEL_SERVICE_TYPES(X)                                                           \
	X(SERVICE_UNSAID, "") /* no Type=: simple, or oneshot without ExecStart= */      \
	X(SERVICE_SIMPLE, "simple")                                                      \
	X(SERVICE_EXEC, "exec")                                                          \
	X(SERVICE_FORKING, "forking")                                                    \
	X(SERVICE_ONESHOT, "oneshot")                                                    \
	X(SERVICE_DBUS, "dbus")                                                          \
	X(SERVICE_NOTIFY, "notify")                                                      \
	X(SERVICE_NOTIFY_RELOAD, "notify-reload")                                        \
	X(SERVICE_IDLE, "idle")

#define MODEL_FILE_MARKS(X)                                                              \
	X(MARK_SAME_CONTENT, "same-content") /* as other files of the same value */      \
	X(MARK_BLOCKED, "blocked")	     /* module: modprobe runs nothing for it */  \
	X(MARK_BLACKLISTED, "blacklisted")   /* module: no alias loads it */

#define MODEL_SEVERITIES(X)                                                              \
	X(SEVERITY_ERROR, "error")                                                       \
	X(SEVERITY_WARNING, "warning")                                                   \
	X(SEVERITY_NOTE, "note")

#define MODEL_FILE_USES(X)                                                               \
	X(USE_MAPPED, "mapped") /* into a process: loaded */                             \
	X(USE_OPENED, "opened")                                                          \
	X(USE_EXECUTED, "executed")

#define MODEL_USE_SCOPES(X)                                                              \
	X(SCOPE_UNKNOWN, "unknown")                                                      \
	X(SCOPE_HOST, "host")                                                            \
	X(SCOPE_CONTAINER, "container") /* by a process in a container */

#define MODEL_VALUE(value, name) value,
enum file_type { MODEL_FILE_TYPES(MODEL_VALUE) };
enum file_category { MODEL_CATEGORIES(MODEL_VALUE) CATEGORY_COUNT };
enum file_classifier { MODEL_CLASSIFIERS(MODEL_VALUE) };
enum file_state { MODEL_FILE_STATES(MODEL_VALUE) };
enum req_strength { MODEL_STRENGTHS(MODEL_VALUE) };
enum req_state { MODEL_REQUIREMENT_STATES(MODEL_VALUE) };
enum node_operator { MODEL_NODE_OPERATORS(MODEL_VALUE) };
enum elf_type { MODEL_ELF_TYPES(MODEL_VALUE) };
enum needed_via { MODEL_NEEDED_VIAS(MODEL_VALUE) };
enum edge_kind { MODEL_EDGE_KINDS(MODEL_VALUE) EDGE_KIND_COUNT };
enum edge_strength { MODEL_EDGE_STRENGTHS(MODEL_VALUE) };
enum service_type { MODEL_SERVICE_TYPES(MODEL_VALUE) };
enum file_mark { MODEL_FILE_MARKS(MODEL_VALUE) };
enum severity { MODEL_SEVERITIES(MODEL_VALUE) };
enum file_use_kind { MODEL_FILE_USES(MODEL_VALUE) FILE_USE_COUNT };
enum use_scope { MODEL_USE_SCOPES(MODEL_VALUE) USE_SCOPE_COUNT };
#undef MODEL_VALUE

#define MODEL_ENUM_FUNCTIONS(X)                                                          \
	X(file_type, MODEL_FILE_TYPES)                                                   \
	X(file_category, MODEL_CATEGORIES)                                               \
	X(file_classifier, MODEL_CLASSIFIERS)                                            \
	X(file_state, MODEL_FILE_STATES)                                                 \
	X(req_strength, MODEL_STRENGTHS)                                                 \
	X(req_state, MODEL_REQUIREMENT_STATES)                                           \
	X(node_operator, MODEL_NODE_OPERATORS)                                           \
	X(elf_type, MODEL_ELF_TYPES)                                                     \
	X(needed_via, MODEL_NEEDED_VIAS)                                                 \
	X(edge_kind, MODEL_EDGE_KINDS)                                                   \
	X(edge_strength, MODEL_EDGE_STRENGTHS)                                           \
	X(service_type, MODEL_SERVICE_TYPES)                                             \
	X(file_mark, MODEL_FILE_MARKS)                                                   \
	X(severity, MODEL_SEVERITIES)                                                    \
	X(file_use_kind, MODEL_FILE_USES)                                                \
	X(use_scope, MODEL_USE_SCOPES)

#define MODEL_DECLARE(type, list)                                                        \
	const char *type##_name(enum type value);                                        \
	int type##_parse(const char *name);
MODEL_ENUM_FUNCTIONS(MODEL_DECLARE)
#undef MODEL_DECLARE

/* ownership.flags: what the package says of the file */
#define OWN_CONFIG    (1u << 0)
#define OWN_DOC	      (1u << 1)
#define OWN_LICENCE   (1u << 2)
#define OWN_GHOST     (1u << 3)
#define OWN_MISSINGOK (1u << 4)
#define OWN_NOREPLACE (1u << 5)
#define OWN_README    (1u << 6)
#define OWN_ARTIFACT  (1u << 7)

/* requirement.phases: none of them = holds at run time */
#define PHASE_PRE	(1u << 0)
#define PHASE_POST	(1u << 1)
#define PHASE_PREUN	(1u << 2)
#define PHASE_POSTUN	(1u << 3)
#define PHASE_PRETRANS	(1u << 4)
#define PHASE_POSTTRANS (1u << 5)
#define PHASE_VERIFY	(1u << 6)
#define PHASE_INTERP	(1u << 7) /* a scriptlet's interpreter */
#define PHASE_META	(1u << 8)
#define PHASE_MISSINGOK (1u << 9)
#define PHASE_PREREQ	(1u << 10) /* the old PreReq */

/**
 * True for a requirement that holds only while packages are installed: RPM never lets it
 * block an erase. That is one of PRE, POST, POSTTRANS without PREUN, POSTUN or META
 * (isTransientReq() of rpm/rpmds.h), and everything with PRETRANS: what goes counts as
 * still there for it. VERIFY, INTERP and PREREQ change nothing. tests/e2e/phases.sh asks
 * RPM for every combination.
 */
bool phases_install_only(uint32_t phases);

/* elf.hardening */
#define HARDEN_NX	(1u << 0) /* the stack is not executable */
#define HARDEN_RELRO	(1u << 1)
#define HARDEN_BIND_NOW (1u << 2) /* with RELRO: full RELRO */
#define HARDEN_PIE	(1u << 3)
#define HARDEN_CANARY	(1u << 4) /* imports __stack_chk_fail */
#define HARDEN_FORTIFY	(1u << 5) /* imports some __*_chk */
#define HARDEN_TEXTREL	(1u << 6) /* bad: text relocations */
