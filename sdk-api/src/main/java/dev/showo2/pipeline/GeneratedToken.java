package dev.showo2.pipeline;

import org.apiguardian.api.API;

/**
 * A token of a text on its way.
 *
 * @param index from 0
 * @param id in the vocabulary
 * @param text the whole characters that have become certain with it, and with the last token what
 *     is left; nothing of a stop sequence. May be empty, as that of a token that ends the text
 *     mostly is
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GeneratedToken(int index, int id, String text) {}
