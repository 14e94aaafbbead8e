/**
 * What a checkpoint, a LoRA adapter or a bundle is, told from its descriptions: {@link
 * dev.showo2.export.inspect.Inspector} is the door.
 */
package dev.showo2.export.inspect;
