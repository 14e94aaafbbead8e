/**
 * The architecture of a checkpoint: its sizes, the keys and shapes that such a model must have, and
 * the checks that its files agree with each other. Internal to the module.
 */
package dev.showo2.export.internal.architecture;
