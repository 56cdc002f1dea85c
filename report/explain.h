/*
 * explain – all that a plan says of one package or file: why it stays, with the chain and
 * every other need (report/why.h), or why it can go, and what that frees, risks, loses
 * and runs.
 *
 *	explain_print(planning, node, style, &out);
 */
#pragma once

#include "report/planning.h"
#include "report/style.h"

void explain_print(const struct planning *planning, uint32_t node,
		   const struct style *style, struct strbuf *out);
