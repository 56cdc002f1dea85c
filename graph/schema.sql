-- The graph of one root: the only meeting point of analyzer, trimmer, reports and screens.
-- Ids are dense and start at 1 in the order of a total order (packages by NEVRA, files by path),
-- so that the same root gives the same database. Paths are TEXT where they are valid UTF-8 and
-- BLOB otherwise. Bytes are bytes; disk_bytes are allocated blocks. Names of enumerations are
-- listed in graph/model.h. Indexes are made after the bulk (section "indexes" at the end).

CREATE TABLE image (                  -- one row
	id                INTEGER PRIMARY KEY CHECK (id = 1),
	root              ANY NOT NULL,   -- as given on the command line
	os_id             TEXT,           -- os-release ID, VERSION_ID, VARIANT_ID, PRETTY_NAME
	os_version        TEXT,
	os_variant        TEXT,
	os_name           TEXT,
	architecture      TEXT,           -- of most packages that have one
	rpmdb_backend     TEXT NOT NULL,  -- sqlite, bdb, ndb
	rpmdb_path        TEXT NOT NULL,  -- inside the root
	rpmdb_headers     INTEGER NOT NULL,
	rpmdb_unreadable  INTEGER NOT NULL, -- headers that could not be read
	mode              TEXT NOT NULL CHECK (mode IN ('full', 'metadata-only')),
	complete          INTEGER NOT NULL CHECK (complete IN (0, 1)),
	tool_version      TEXT NOT NULL,
	entries           INTEGER NOT NULL, -- files of every type seen on disk
	disk_bytes        INTEGER NOT NULL, -- of all of them, hard links once
	boundary_bytes    INTEGER NOT NULL, -- below boundaries: weighed, not entered
	compressed_bytes  INTEGER         -- of all files, hard links once; NULL: not measured
) STRICT;

CREATE TABLE option (                 -- scan options, boundaries, rule versions: name, value
	name   TEXT NOT NULL,
	value  TEXT NOT NULL,
	PRIMARY KEY (name, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE package (
	id              INTEGER PRIMARY KEY,
	name            TEXT NOT NULL,
	epoch           INTEGER,          -- NULL where the package has none
	version         TEXT NOT NULL,
	release         TEXT NOT NULL,
	arch            TEXT NOT NULL,
	nevra           TEXT NOT NULL,    -- name-[epoch:]version-release.arch
	summary         TEXT NOT NULL,
	license         TEXT NOT NULL,
	vendor          TEXT NOT NULL,
	source_rpm      TEXT NOT NULL,
	declared_bytes  INTEGER NOT NULL, -- RPMTAG_LONGSIZE
	disk_bytes      INTEGER NOT NULL, -- blocks of the files only this package owns; files that
	                                  -- several own count in none (see trimmer's joint size)
	install_time    INTEGER NOT NULL,
	install_reason  TEXT,             -- user, dependency ...: where a history database has it
	signed          INTEGER NOT NULL CHECK (signed IN (0, 1)), -- has a signature tag
	is_key          INTEGER NOT NULL CHECK (is_key IN (0, 1)),  -- a gpg-pubkey pseudo package
	header_bytes    INTEGER NOT NULL, -- of its header in the RPM database
	compressed_bytes INTEGER          -- as disk_bytes counts; NULL: not all were measured
) STRICT;

CREATE TABLE file (                   -- everything below the root, and what the rpmdb adds
	id             INTEGER PRIMARY KEY,
	path           ANY NOT NULL UNIQUE, -- canonical: folders' symlinks resolved in the root
	type           TEXT NOT NULL,     -- regular, directory, symlink, fifo, socket, char, block
	mode           INTEGER NOT NULL,  -- permission bits with setuid, setgid, sticky
	uid            INTEGER NOT NULL,
	gid            INTEGER NOT NULL,
	size_bytes     INTEGER NOT NULL,
	disk_bytes     INTEGER NOT NULL,
	device         INTEGER NOT NULL,
	inode          INTEGER NOT NULL,
	link_count     INTEGER NOT NULL,
	mtime          INTEGER NOT NULL,
	target         ANY,               -- of a symlink, as written
	category       TEXT NOT NULL,     -- executable, library, script, unit ...
	media_type     TEXT,
	classified_by  TEXT NOT NULL,     -- path, flags, content, libmagic
	state          TEXT NOT NULL,     -- present, missing, replaced, not-installed,
	                                  -- changed-size, changed-digest, declared
	capabilities   TEXT,              -- file capabilities, cap_to_text form
	owner_guess    TEXT,              -- of an unowned file: what made it
	compressed_bytes INTEGER          -- of a regular file's content alone by gzip, level 6;
	                                  -- NULL: not measured
) STRICT;

CREATE TABLE ownership (
	file_id         INTEGER NOT NULL REFERENCES file,
	package_id      INTEGER NOT NULL REFERENCES package,
	flags           INTEGER NOT NULL,  -- OWN_* of graph/model.h
	rpm_state       INTEGER NOT NULL,  -- RPMFILE_STATE_*: 0 normal, 1 replaced, 2 not installed ...
	color           INTEGER NOT NULL,  -- 0, 1 = 32 bit, 2 = 64 bit
	declared_bytes  INTEGER NOT NULL,
	declared_mode   INTEGER NOT NULL,  -- st_mode as the header has it
	declared_path   ANY,               -- where it differs from file.path
	digest          TEXT,              -- "sha256:<hex>"
	PRIMARY KEY (file_id, package_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE capability (             -- what a provide says or a requirement asks for
	id     INTEGER PRIMARY KEY,
	name   TEXT NOT NULL,
	sense  TEXT NOT NULL CHECK (sense IN ('', '<', '>', '=', '<=', '>=', '<>', '<=>')),
	evr    TEXT NOT NULL,
	UNIQUE (name, sense, evr)
) STRICT;

CREATE TABLE provide (
	package_id     INTEGER NOT NULL REFERENCES package,
	capability_id  INTEGER NOT NULL REFERENCES capability,
	PRIMARY KEY (package_id, capability_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE requirement (
	id          INTEGER PRIMARY KEY,
	package_id  INTEGER NOT NULL REFERENCES package,
	strength    TEXT NOT NULL,        -- requires, recommends, suggests, supplements, enhances,
	                                  -- conflicts, obsoletes
	phases      INTEGER NOT NULL,     -- PHASE_* of graph/model.h
	origin      TEXT NOT NULL,        -- auto (dependency generator) or manual
	text        TEXT NOT NULL,        -- as RPM prints it
	node_id     INTEGER NOT NULL,     -- root of its expression tree
	state       TEXT NOT NULL CHECK (state IN ('checked', 'self', 'rpmlib', 'bad'))
	                                  -- self = config(...) and the like, rpmlib = RPM's own
) STRICT;

CREATE TABLE requirement_node (       -- shared between requirements with the same text
	id             INTEGER PRIMARY KEY,
	operator       TEXT NOT NULL,     -- capability, and, or, if, unless, with, without
	left_id        INTEGER REFERENCES requirement_node,
	right_id       INTEGER REFERENCES requirement_node,
	else_id        INTEGER REFERENCES requirement_node, -- (a if b else c): left a, right b, else c
	capability_id  INTEGER REFERENCES capability,
	CHECK ((operator = 'capability') = (capability_id IS NOT NULL))
) STRICT;

CREATE TABLE provider (               -- RPM's own comparison, file provides included
	capability_id  INTEGER NOT NULL REFERENCES capability,
	package_id     INTEGER NOT NULL REFERENCES package,
	file_id        INTEGER REFERENCES file, -- where a path was asked for
	PRIMARY KEY (capability_id, package_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE scriptlet (
	package_id   INTEGER NOT NULL REFERENCES package,
	position     INTEGER NOT NULL,
	kind         TEXT NOT NULL,       -- pre, post, preun, postun, pretrans, posttrans, verify,
	                                  -- triggerin, triggerun, triggerpostun, filetriggerin ...
	interpreter  TEXT NOT NULL,       -- words separated by spaces; "<lua>" for the built-in one
	condition    TEXT NOT NULL,       -- of a trigger: names or paths, "" otherwise
	body         ANY NOT NULL,
	PRIMARY KEY (package_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE elf (
	file_id           INTEGER PRIMARY KEY REFERENCES file,
	class             INTEGER NOT NULL CHECK (class IN (32, 64)),
	byte_order        TEXT NOT NULL CHECK (byte_order IN ('little', 'big')),
	machine           TEXT NOT NULL,  -- x86_64, aarch64 ... or "em-<number>"
	type              TEXT NOT NULL,  -- executable, pie, shared, relocatable, module, core, other
	soname            TEXT,
	interpreter       TEXT,
	runpath           TEXT,
	rpath             TEXT,
	build_id          TEXT,
	is_static         INTEGER NOT NULL,
	is_stripped       INTEGER NOT NULL,
	has_dlopen        INTEGER NOT NULL, -- imports dlopen or dlmopen
	go_module         TEXT,           -- module path from .go.buildinfo
	go_version        TEXT,           -- of that module, "" when unknown
	hardening         INTEGER NOT NULL, -- HARDEN_* of graph/model.h
	text_bytes        INTEGER NOT NULL,
	rodata_bytes      INTEGER NOT NULL,
	relro_bytes       INTEGER NOT NULL,
	data_bytes        INTEGER NOT NULL,
	bss_bytes         INTEGER NOT NULL,
	debug_bytes       INTEGER NOT NULL, -- symbol table and debug sections strip would remove
	relocation_count  INTEGER NOT NULL
) STRICT;

CREATE TABLE elf_needed (
	file_id      INTEGER NOT NULL REFERENCES file,
	position     INTEGER NOT NULL,
	soname       TEXT NOT NULL,
	resolved_id  INTEGER REFERENCES file, -- NULL: not found
	via          TEXT NOT NULL,       -- rpath, runpath, ld.so.conf, default, hwcaps, path, absent
	PRIMARY KEY (file_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE elf_version (            -- symbol version needs (soname set) and definitions
	file_id  INTEGER NOT NULL REFERENCES file,
	soname   TEXT NOT NULL,           -- "" for a definition
	version  TEXT NOT NULL,
	PRIMARY KEY (file_id, soname, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE edge (
	id            INTEGER PRIMARY KEY,
	from_file     INTEGER REFERENCES file,
	from_package  INTEGER REFERENCES package, -- for a scriptlet
	to_file       INTEGER REFERENCES file,
	to_package    INTEGER REFERENCES package, -- where a package is named, not a file of it
	kind          TEXT NOT NULL,
	-- no "IN": SQLite makes a table for that with each row
	strength      TEXT NOT NULL
		CHECK (strength = 'hard' OR strength = 'likely' OR strength = 'possible'),
	cite_file     INTEGER REFERENCES file,    -- where it is written; NULL: in the from side itself
	cite_line     INTEGER,                    -- 1 is the first; NULL where there are no lines
	cite_text     TEXT NOT NULL,              -- the tag or words that say so, printable
	CHECK ((from_file IS NULL) <> (from_package IS NULL)),
	CHECK ((to_file IS NULL) <> (to_package IS NULL))
) STRICT;

CREATE TABLE service (                -- what a systemd unit or a drop-in says of its process
	file_id     INTEGER PRIMARY KEY REFERENCES file,
	type        TEXT NOT NULL,        -- simple, oneshot ...; "" where it does not say
	program_id  INTEGER REFERENCES file, -- what ExecStart= runs; NULL: nothing, or not found
	conditions  TEXT NOT NULL         -- Condition...= and Assert...= lines, one a line
) STRICT;

CREATE TABLE file_mark (              -- what an analysis saw of single files
	mark     TEXT NOT NULL,           -- same-content: several files have the value's content;
	                                  -- blocked, blacklisted: a module that is not loaded
	value    TEXT NOT NULL,           -- a digest; the file that blocks the module, printable
	file_id  INTEGER NOT NULL REFERENCES file,
	PRIMARY KEY (mark, value, file_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding (
	id          INTEGER PRIMARY KEY,
	rule        TEXT NOT NULL,        -- bad-elf, unresolved-soname ...: graph/findings in the manual
	severity    TEXT NOT NULL CHECK (severity IN ('error', 'warning', 'note')),
	file_id     INTEGER REFERENCES file,
	package_id  INTEGER REFERENCES package,
	subject     TEXT NOT NULL,        -- printable
	text        TEXT NOT NULL,        -- one sentence, printable
	remedy      TEXT NOT NULL
) STRICT;

-- Usage evidence: rows are added after the analysis. file_use and process_memory are sums over
-- all evidence; what each piece of evidence said is packed in its row (graph/usage_pack.h), so
-- that two graphs can be merged without counting anything twice.

CREATE TABLE evidence (               -- one observation of one node
	id             INTEGER PRIMARY KEY,
	digest         TEXT NOT NULL UNIQUE, -- of its content: importing twice changes nothing
	source         TEXT NOT NULL,     -- observe, fatrace, strace ...
	node           TEXT NOT NULL,     -- "" where not known
	begin          INTEGER,           -- seconds since 1970, NULL where not known
	end            INTEGER,
	complete       INTEGER NOT NULL CHECK (complete IN (0, 1)), -- nothing was lost
	coverage       TEXT NOT NULL CHECK (coverage IN ('node', 'part')), -- node: every use on
	                                  -- that node would have been seen
	lost           INTEGER NOT NULL,  -- events known to be missing
	unknown_paths  INTEGER NOT NULL,  -- paths that this graph does not have
	uses           BLOB NOT NULL,
	memory         BLOB NOT NULL
) STRICT;

CREATE TABLE file_use (
	file_id     INTEGER NOT NULL REFERENCES file,
	use         TEXT NOT NULL CHECK (use IN ('mapped', 'opened', 'executed')),
	scope       TEXT NOT NULL CHECK (scope IN ('unknown', 'host', 'container')),
	by_file     INTEGER NOT NULL,     -- the executable that did it, 0 = not known
	count       INTEGER NOT NULL,     -- how often it was seen; observe sees each file once
	evidences   INTEGER NOT NULL,     -- how many pieces of evidence say so
	example_id  INTEGER NOT NULL REFERENCES evidence, -- of these, the one with the least digest
	PRIMARY KEY (file_id, use, scope, by_file)
) STRICT, WITHOUT ROWID;

CREATE TABLE process_memory (         -- of all processes of one executable
	executable_id        INTEGER NOT NULL, -- 0 = no file of this root
	scope                TEXT NOT NULL CHECK (scope IN ('unknown', 'host', 'container')),
	file_id              INTEGER NOT NULL, -- what is mapped; 0 = anonymous memory, heap, stack
	processes            INTEGER NOT NULL, -- summed over the evidence, as the bytes are
	pss_bytes            INTEGER NOT NULL, -- proportional set size
	private_dirty_bytes  INTEGER NOT NULL,
	evidences            INTEGER NOT NULL, -- how many pieces: divide by it for one node's mean
	example_id           INTEGER NOT NULL REFERENCES evidence,
	PRIMARY KEY (executable_id, scope, file_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan (
	id        INTEGER PRIMARY KEY,
	name      TEXT NOT NULL UNIQUE,
	document  TEXT NOT NULL           -- the plan JSON itself
) STRICT;

CREATE TABLE plan_item (
	plan_id       INTEGER NOT NULL REFERENCES plan ON DELETE CASCADE,
	position      INTEGER NOT NULL,
	kind          TEXT NOT NULL CHECK (kind IN ('package', 'file', 'service')),
	package_id    INTEGER REFERENCES package,
	file_id       INTEGER REFERENCES file,
	action        TEXT NOT NULL CHECK (action IN ('remove', 'keep', 'disable')),
	disk_bytes    INTEGER NOT NULL,
	memory_bytes  INTEGER NOT NULL,
	reason        TEXT NOT NULL,
	PRIMARY KEY (plan_id, position)
) STRICT, WITHOUT ROWID;

-- indexes: everything below runs after the bulk insert
CREATE INDEX ownership_package ON ownership (package_id);
CREATE INDEX requirement_package ON requirement (package_id);
CREATE INDEX provider_package ON provider (package_id);
CREATE INDEX edge_from ON edge (from_file) WHERE from_file IS NOT NULL;
CREATE INDEX edge_to ON edge (to_file) WHERE to_file IS NOT NULL;
CREATE INDEX elf_needed_resolved ON elf_needed (resolved_id) WHERE resolved_id IS NOT NULL;
CREATE INDEX package_name ON package (name);
