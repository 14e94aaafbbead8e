/**
 * Training data (SPEC 10): sources of examples, the rows that they become, noise and times, and
 * loaders that make batches of them.
 */
package dev.showo2.train.data;
