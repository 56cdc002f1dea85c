/*
 * condition – `when:` of a rule: does it apply to this graph and these facts?
 *
 *	when: {package: kubelet}		any selector key: it selects something
 *	when: {kubernetes: ">=1.28 <1.32"}	range for the fact "kubernetes"; when
 *						nobody said it for the kubelets in the
 *						root, else for any of 1.28 to 1.36
 *	when: {fact: volume.nfs}		that fact was given
 *	when: {used: [volume.nfs]}		one of these facts was given, or nobody said
 *						that all objects are known
 *	when: {os: azurelinux}			ID of the root's os-release
 *	when: {arch: x86_64}			architecture of most packages
 *	when: {go-module: k8s.io/kubernetes}	a Go program made of this module is there
 *	any, all, not				of conditions
 *
 * Several keys in one map must all hold.
 */
#pragma once

#include "rules/selector.h"

struct condition;

/* Says that the objects that facts come from are all there are: tare workload writes it. */
#define FACT_ALL_OBJECTS "objects.all"

/* What is known beside the graph: "name" or "name=value", e.g. "kubernetes=1.31.2". */
struct facts {
	const char *const *data;
	size_t len;
};

/** @param value  the map behind `when:`; must live as long as the condition */
int condition_new(const struct rule_node *value, struct condition **ret,
		  struct error *err);
void condition_free(struct condition *cond);
void condition_freep(struct condition **cond);
/** NULL always holds. */
bool condition_holds(const struct condition *cond, struct matcher *m,
		     const struct facts *facts);
/** As one line: "package: kubelet"; new memory. */
char *condition_text(const struct condition *cond);
