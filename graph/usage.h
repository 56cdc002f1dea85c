/*
 * usage – the usage evidence of a graph in memory: what was seen in use, where and when,
 * and how much memory it took. Read once, never changed.
 *
 *	_cleanup_(usage_freep) struct usage *usage = NULL;
 *	r = usage_load(st, g, &usage, err);
 *	for (uint32_t i = usage->use_start[f]; i < usage->use_start[f + 1]; i++)
 *		use(&usage->uses[i]);			how file f was used
 *
 * Evidence protects what was seen. That something was not seen means little: see
 * usage_days_load().
 */
#pragma once

#include "base/strpool.h"
#include "graph/snapshot.h"
#include "graph/usage_pack.h"

struct usage_evidence {
	uint32_t id; /* in the store */
	str_id digest, source, node;
	int64_t begin, end; /* seconds since 1970; < 0: not known */
	bool complete, whole_node;
	uint64_t lost, unknown_paths;
};

/* One way in which a file was used, summed over all evidence. */
struct usage_use {
	uint8_t use, scope; /* enum file_use_kind, enum use_scope */
	file_id by;	    /* the executable that did it; 0: not known */
	uint64_t count;
	uint32_t evidences; /* how many pieces say so */
	uint32_t example;   /* index of one of them */
};

/* What all processes of one executable held of one mapped file, summed over all evidence:
 * divided by `evidences` it is the mean of the nodes where it ran. */
struct usage_memory {
	file_id executable; /* 0: no file of this root */
	uint8_t scope;	    /* enum use_scope */
	file_id file;	    /* 0: anonymous memory, heap, stack */
	uint64_t processes, pss_bytes, private_dirty_bytes;
	uint32_t evidences;
	uint32_t example; /* index of evidence */
};

struct usage {
	struct strpool strings;
	uint32_t evidence_count;
	struct usage_evidence
		*evidence;   /* [0 .. evidence_count - 1], by node, begin, end,
					    source, digest */
	uint32_t node_count; /* names of nodes; "" counts as one */
	int64_t begin, end;  /* of all windows together; < 0: none is known */
	bool complete;	     /* of every piece nothing was lost */
	uint32_t use_count, memory_count;
	uint32_t *use_start;	     /* [file_count + 2] */
	struct usage_use *uses;	     /* by file, use, scope, by */
	struct usage_memory *memory; /* by executable, scope, file */
};

/** A graph without evidence gives an empty usage. @return 0; -EIO; -EINVAL damaged */
int usage_load(struct store *st, const struct graph *g, struct usage **ret,
	       struct error *err);
void usage_free(struct usage *usage);
void usage_freep(struct usage **usage);

static inline const char *usage_text(const struct usage *usage, str_id id)
{
	return strpool_text(&usage->strings, id);
}

/** True when file f was seen in use in any way. */
static inline bool usage_seen(const struct usage *usage, file_id f)
{
	return usage->use_start[f] < usage->use_start[f + 1];
}

/** The strongest use of file f (enum file_use_kind), or -1. */
static inline int usage_strongest(const struct usage *usage, file_id f)
{
	uint32_t end = usage->use_start[f + 1];

	return usage_seen(usage, f) ? usage->uses[end - 1].use : -1;
}

/** The strongest use of a file of package p, or -1. */
int usage_of_package(const struct usage *usage, const struct graph *g, pkg_id p);

/**
 * How long a package was in use, in seconds of node time. The windows of one node are laid
 * over each other; every moment that is in some window counts in exactly one of:
 */
struct usage_days {
	uint64_t used;	  /* a file of it was opened or executed (in that window) */
	uint64_t loaded;  /* else: a file of it was mapped */
	uint64_t never;	  /* else: evidence that lost nothing watched all of the node */
	uint64_t unknown; /* else: nobody can tell; also where the package has no file
			     whose use can be seen */
	uint32_t evidences,
		nodes; /* that saw it; evidence without a window counts, too */
};

/**
 * Of every package, [1 .. package_count]; new memory. Reads what each piece of evidence
 * said.
 */
int usage_days_load(struct store *st, const struct graph *g, const struct usage *usage,
		    struct usage_days **ret, struct error *err);

/* What one piece of evidence said, in the order of usage->evidence. */
typedef int evidence_fn(uint32_t index, const use_rows *uses, const memory_rows *memory,
			void *arg, struct error *err);
/** A callback's result other than 0 ends the loop and is returned. */
int usage_each_evidence(struct store *st, const struct graph *g,
			const struct usage *usage, evidence_fn *fn, void *arg,
			struct error *err);
