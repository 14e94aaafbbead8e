/**
 * The bundle: one flat directory with a manifest, weights, graphs and a tokenizer. Everything is
 * read strictly and nothing that a file claims is believed before it was checked.
 */
package dev.showo2.model;
