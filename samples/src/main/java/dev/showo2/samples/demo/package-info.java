/** The demo model that this program carries, as a bundle in a cache folder. */
package dev.showo2.samples.demo;
