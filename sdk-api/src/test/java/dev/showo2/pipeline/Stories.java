package dev.showo2.pipeline;

import dev.showo2.sampler.TokenSampling;

/** Requests for stories that say what the fake language head makes likeliest. */
final class Stories {

  private Stories() {}

  static StoryRequest.Builder request(String prompt) {
    return request(prompt, StoryRequest.DEFAULT_TEXT.maxTokens());
  }

  /**
   * @param maxTextTokens longest text between two images
   */
  static StoryRequest.Builder request(String prompt, int maxTextTokens) {
    return StoryRequest.builder(prompt)
        .text(
            TextOptions.builder()
                .maxTokens(maxTextTokens)
                .sampling(TokenSampling.greedy())
                .build());
  }
}
