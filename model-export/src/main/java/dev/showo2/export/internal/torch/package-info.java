/** Writes state dicts as {@code torch.save} does. Internal to the module. */
package dev.showo2.export.internal.torch;
