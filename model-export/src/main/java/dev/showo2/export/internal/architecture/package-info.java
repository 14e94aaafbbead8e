/**
 * What a checkpoint is: its sizes, the keys and shapes that such a model must have, and whether all
 * that its files say goes together. Internal to the module.
 */
package dev.showo2.export.internal.architecture;
