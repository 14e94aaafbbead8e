/**
 * The bundle: one flat directory with a manifest, weights, graphs and a tokenizer; and the
 * safetensors format. Files are parsed strictly, and their claims are validated before use.
 */
package dev.showo2.model;
