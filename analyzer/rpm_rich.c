#include "analyzer/rpm_rich.h"

#include "base/macros.h"
#include "base/text.h"

/* RPM's parser calls itself for each '(' and copies the rest of a chain for each term. */
#define DEPTH_MAX 64
#define LEN_MAX	  65536u
#define TERMS_MAX 1024u

struct frame {
	uint32_t terms_at; /* into rich.terms */
	rpmrichOp op;	   /* RPMRICHOP_SINGLE while there is none */
};

struct rich {
	struct rpm_intern *in;
	ARRAY_OF(node_id) terms;
	struct frame frames[DEPTH_MAX + 1];
	int depth;
	node_id result;
};

static const uint8_t OPERATORS[] = {
	[RPMRICHOP_AND] = NODE_AND,	    [RPMRICHOP_OR] = NODE_OR,
	[RPMRICHOP_IF] = NODE_IF,	    [RPMRICHOP_WITH] = NODE_WITH,
	[RPMRICHOP_WITHOUT] = NODE_WITHOUT, [RPMRICHOP_UNLESS] = NODE_UNLESS,
};

/* Quotes and escapes do not exist in rich dependencies: the deepest '(' bounds the parser. */
static bool fits(const char *text)
{
	int depth = 0, deepest = 0;
	size_t len = 0;

	for (; text[len] && len <= LEN_MAX; len++) {
		depth += text[len] == '(' ? 1 : text[len] == ')' ? -1 : 0;
		deepest = MAX2(deepest, depth);
	}
	return len <= LEN_MAX && deepest <= DEPTH_MAX;
}

static void add_term(struct rich *rich, const char *name, int name_len, const char *evr,
		     int evr_len, rpmsenseFlags sense)
{
	_cleanup_(freep) char *n = mem_strndup(name, (size_t)name_len);
	_cleanup_(freep) char *e = mem_strndup(evr ? evr : "", (size_t)evr_len);
	cap_id cap = rpm_intern_capability(rich->in, n, e, sense);

	array_push(&rich->terms, rpm_intern_leaf(rich->in, cap));
}

/* Chains nest to the right: a or (b or c). */
static node_id fold_chain(struct rich *rich, const node_id *terms, size_t count,
			  uint8_t op)
{
	node_id node = terms[count - 1];

	for (size_t i = count - 1; i-- > 0;)
		node = rpm_intern_node(
			rich->in,
			(struct rpm_node){ .op = op, .left = terms[i], .right = node });
	return node;
}

static node_id fold(struct rich *rich, const struct frame *frame)
{
	const node_id *terms = rich->terms.data + frame->terms_at;
	size_t count = rich->terms.len - frame->terms_at;

	/* "(a else b)" alone: RPM looks at a only */
	if (count == 1 || frame->op == RPMRICHOP_ELSE)
		return terms[0];
	if (frame->op != RPMRICHOP_IF && frame->op != RPMRICHOP_UNLESS)
		return fold_chain(rich, terms, count, OPERATORS[frame->op]);
	return rpm_intern_node(
		rich->in, (struct rpm_node){ .op = OPERATORS[frame->op],
					     .left = terms[0],
					     .right = terms[1],
					     .otherwise = count > 2 ? terms[2] : 0 });
}

static void leave(struct rich *rich)
{
	struct frame *frame = &rich->frames[rich->depth--];
	node_id node = fold(rich, frame);

	rich->terms.len = frame->terms_at;
	array_push(&rich->terms, node);
	rich->result = node;
}

/* NOLINTNEXTLINE(readability-function-size): librpm says which parameters */
static rpmRC on_part(void *data, rpmrichParseType type, const char *n, int nl,
		     const char *e, int el, rpmsenseFlags sense, rpmrichOp op,
		     char **emsg)
{
	struct rich *rich = data;

	(void)emsg;
	switch (type) {
	case RPMRICH_PARSE_ENTER:
		if (rich->depth >= DEPTH_MAX)
			return RPMRC_FAIL;
		rich->frames[++rich->depth] =
			(struct frame){ (uint32_t)rich->terms.len, RPMRICHOP_SINGLE };
		break;
	case RPMRICH_PARSE_SIMPLE:
		add_term(rich, n, nl, e, el, sense);
		break;
	case RPMRICH_PARSE_OP:
		if (rich->frames[rich->depth].op == RPMRICHOP_SINGLE)
			rich->frames[rich->depth].op = op;
		break;
	case RPMRICH_PARSE_LEAVE:
		leave(rich);
		break;
	}
	return rich->terms.len <= TERMS_MAX ? RPMRC_OK : RPMRC_FAIL;
}

static node_id parse(struct rpm_intern *in, const char *text)
{
	struct rich rich = { .in = in };
	_cleanup_(freep) char *message = NULL;
	const char *rest = text;
	bool small = fits(text);
	bool parsed = small &&
		      rpmrichParse(&rest, &message, on_part, &rich) == RPMRC_OK &&
		      *rest == '\0';

	array_release(&rich.terms);
	if (parsed)
		return rich.result;
	if (!message)
		message = mem_strdup(!small  ? "it is too long or too deep"
				     : *rest ? "text behind its end"
					     : "it has too many terms");
	rpm_intern_problem(in, RPM_PROBLEM_REQUIREMENT,
			   "the dependency '%.200s' cannot be parsed: %.200s", text,
			   message);
	return 0;
}

node_id rpm_rich_parse(struct rpm_intern *in, const char *text)
{
	str_id id = rpm_intern_text(in, text);

	if (id >= in->tree_of.len)
		array_extend(&in->tree_of, id + 1 - in->tree_of.len);
	if (!in->tree_of.data[id])
		in->tree_of.data[id] = parse(in, text);
	return in->tree_of.data[id];
}
