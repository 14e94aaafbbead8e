/** Recipes: configurations of runs in YAML, and what becomes of them. */
package dev.showo2.train.recipe;
