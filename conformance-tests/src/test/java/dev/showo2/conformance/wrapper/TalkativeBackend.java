package dev.showo2.conformance.wrapper;

import dev.showo2.spi.Backend;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.stage.LanguageHead;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;

/** A backend whose language head likes one token best: an untrained model never asks for images. */
final class TalkativeBackend extends ForwardingBackend {

  private final int token;

  private TalkativeBackend(int token, Backend backend) {
    super(backend);
    this.token = token;
  }

  static Backend saying(int token, Backend backend) {
    return new TalkativeBackend(token, backend);
  }

  @Override
  public LanguageHead languageHead() {
    LanguageHead head = super.languageHead();
    return request -> {
      try (Tensor logits = head.logits(request)) {
        HostTensor values = logits.toHost();
        values.values()[token] = 100;
        return upload(values);
      }
    };
  }
}
