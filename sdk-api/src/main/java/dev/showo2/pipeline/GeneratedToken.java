package dev.showo2.pipeline;

import org.apiguardian.api.API;

/**
 * Progress of a text: a token that the model chose.
 *
 * @param index index of the token within its text, from 0
 * @param id id of the token in the vocabulary
 * @param text the whole characters that are certain with it, and with the last token what is left;
 *     nothing of a stop sequence. Empty while a character is incomplete, and mostly for the token
 *     that ends the text
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record GeneratedToken(int index, int id, String text) {}
