/**
 * Merges LoRA adapters in the format of Hugging Face's PEFT into the weights of a model while they
 * stream: {@link dev.showo2.export.internal.lora.Adapters} is the door.
 *
 * <p>Configuration and tensors of the adapter → which weight changes how → {@code Weights} that
 * give the changed values. What PEFT's {@code merge_and_unload} computes is computed here, in
 * 32-bit floats whatever the types of model and adapter are. Internal to the module.
 */
package dev.showo2.export.internal.lora;
