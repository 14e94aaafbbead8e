package dev.showo2.export.inspect;

import org.apiguardian.api.API;

/**
 * A file of a bundle that is not the one that was exported.
 *
 * @param expected its SHA-256 in the manifest, as 64 hexadecimal digits
 * @param found what it has
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AlteredFile(String name, String expected, String found) {}
