package dev.showo2.conformance.fault;

import dev.showo2.spi.Backend;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.Tensor;

/** Writes the first row of a batch into every row of a result. */
final class FirstRowForAll extends BackendAround {

  FirstRowForAll(Backend right) {
    super(right);
  }

  private Tensor mixed(Tensor tensor) {
    return Replacing.values(this, tensor, Replacing::firstRowForAll);
  }

  @Override
  public Fusion fusion() {
    return request -> mixed(super.fusion().fuse(request));
  }

  @Override
  public Backbone backbone() {
    return new BackboneAround(super.backbone()) {
      @Override
      Tensor given(Tensor hidden) {
        return mixed(hidden);
      }
    };
  }

  @Override
  public LanguageHead languageHead() {
    return request -> mixed(super.languageHead().logits(request));
  }

  @Override
  public FlowHead flowHead() {
    return new FlowHeadAround(super.flowHead()) {
      @Override
      Tensor given(Tensor velocity) {
        return mixed(velocity);
      }
    };
  }

  @Override
  public VaeEncoder vaeEncoder() {
    return new VaeEncoderAround(
        super.vaeEncoder(),
        latents ->
            Replacing.values(this, latents, Replacing::firstRowForAll, Replacing::firstRowForAll));
  }

  @Override
  public VaeDecoder vaeDecoder() {
    return new VaeDecoderAround(
        super.vaeDecoder(), (latents, decoder) -> mixed(decoder.apply(latents)));
  }
}
