/**
 * The tokenizer, with the tokens that Show-o2 adds to those of its language model (SPEC 8). The
 * only package that depends on DJL.
 */
package dev.showo2.text;
