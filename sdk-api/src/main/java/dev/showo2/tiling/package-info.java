/**
 * The VAE on images that are too large to go through it in one piece: cut into overlapping tiles,
 * run tile by tile, and blended.
 */
package dev.showo2.tiling;
