/*
 * plan_users – the member "users" of files and services in a plan's JSON: see users.h. For
 * plan_json.c only.
 */
#pragma once

#include "base/json.h"
#include "trimmer/plan.h"
#include "trimmer/users.h"

struct plan_users;

/** Borrows the plan. */
struct plan_users *plan_users_new(const struct plan *plan);
void plan_users_free(struct plan_users *users);
/** A list of texts, sorted as the graph has them; a new reference. */
json_t *plan_users_of_file(const struct plan_users *users, file_id file);
json_t *plan_users_of_service(const struct plan_users *users,
			      const struct plan_service *service);
