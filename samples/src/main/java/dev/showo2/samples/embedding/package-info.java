/** How other programs embed the SDK. */
package dev.showo2.samples.embedding;
