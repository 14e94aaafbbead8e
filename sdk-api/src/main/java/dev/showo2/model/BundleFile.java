package dev.showo2.model;

import org.apiguardian.api.API;

/**
 * A file of a bundle as the manifest describes it.
 *
 * @param name plain file name within the bundle's directory
 * @param sha256 64 lower-case hexadecimal digits
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BundleFile(String name, long size, String sha256) {}
