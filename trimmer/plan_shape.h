/*
 * plan_shape – is a JSON document a plan? Every field must be there and of its type, and no
 * other; what values mean is for plan_read.c.
 */
#pragma once

#include "base/json.h"

/** 0, or -EINVAL with the place: "packages[3].action: must be a text". */
int plan_shape_check(const json_t *json, struct error *err);
