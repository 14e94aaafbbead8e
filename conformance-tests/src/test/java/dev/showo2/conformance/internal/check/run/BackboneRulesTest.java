package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.internal.check.run.FaultyCopies.SelfForking;
import dev.showo2.conformance.internal.check.run.FaultyCopies.Unforgetting;
import dev.showo2.conformance.internal.check.run.FaultyCopies.WrongBackbone;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Each experiment on the backbone catches the fault that its rule is about. */
@ExtendWith(ExportedModels.class)
class BackboneRulesTest {

  private static TinyModels models;

  @BeforeAll
  static void open(Models exported) {
    models = new TinyModels(exported);
  }

  @AfterAll
  static void close() {
    models.close();
  }

  @Test
  void textThatSeesLaterTextIsCaught() {
    models.assertCaught(
        Rule.B02, "a position sees itself and earlier ones", always(Attention.FULL));
    models.assertCaught(Rule.B04, "FULL segment", always(Attention.CAUSAL));
    models.assertCaught(Rule.B03, "inside an image it is not causal", always(Attention.CAUSAL));
  }

  private static UnaryOperator<Backend> always(Attention attention) {
    return asking(request -> BackboneRequest.of(request.cache(), request.embeddings(), attention));
  }

  @Test
  void positionsThatStartAtTheBeginningAgainAreCaught() {
    // Whoever starts again sees other distances to what the cache holds; here it sees none of it.
    UnaryOperator<Backend> forgetful =
        FaultyCopies.backbone(
            backend ->
                new WrongBackbone(backend) {
                  @Override
                  public Tensor evaluate(BackboneRequest request) {
                    return alone(request);
                  }
                });
    models.assertCaught(Rule.B05, "positions of a segment start at cache.length()", forgetful);
    models.assertCaught(Rule.B06, "FULL segment at position 1100", forgetful);
  }

  @Test
  void slightlyWrongFrequenciesAreCaughtFarAlong(@TempDir Path copy) throws IOException {
    models.assertCaught(
        Rule.B06,
        "look at the precision of RoPE's frequencies",
        copy,
        "\"rope_theta\": 1000000.0",
        "\"rope_theta\": 1000300.0");
  }

  @Test
  void aSlightlyWrongEpsilonIsCaughtWithSmallEmbeddings(@TempDir Path copy) throws IOException {
    models.assertCaught(
        Rule.B14,
        "look at the RMSNorms",
        copy,
        "\"norm_epsilon\": 1.0E-6",
        "\"norm_epsilon\": 1.1E-6");
  }

  @Test
  void singlePositionsThatSeeNoPastAreCaught() {
    models.assertCaught(
        Rule.B07,
        "a kernel of its own for single positions",
        FaultyCopies.backbone(
            backend ->
                new WrongBackbone(backend) {
                  @Override
                  public Tensor append(BackboneRequest request) {
                    Tensor right = real.append(request);
                    if (right.shape().dimension(1) > 1) {
                      return right;
                    }
                    right.close();
                    return alone(request);
                  }
                }));
  }

  @Test
  void partsInAnotherOrderAreCaught() {
    models.assertCaught(
        Rule.B08,
        "in the order of the list",
        asking(
            request -> {
              List<Tensor> turned = new ArrayList<>(request.embeddings());
              Collections.reverse(turned);
              return BackboneRequest.of(request.cache(), turned, request.attention());
            }));
  }

  @Test
  void evaluatingThatKeepsWhatItSawIsCaught() {
    models.assertCaught(
        Rule.B09,
        "a span that was only looked at has left something behind",
        FaultyCopies.backbone(
            backend ->
                new WrongBackbone(backend) {
                  @Override
                  public Tensor evaluate(BackboneRequest request) {
                    return real.append(request);
                  }
                }));
  }

  @Test
  void evaluatingByOtherMeansIsCaught() {
    models.assertCaught(
        Rule.B09,
        "evaluate() and append() compute the same",
        FaultyCopies.backbone(
            backend ->
                new WrongBackbone(backend) {
                  @Override
                  public Tensor evaluate(BackboneRequest request) {
                    return alone(request);
                  }
                }));
  }

  @Test
  void forksThatAreNoneAreCaught() {
    models.assertCaught(
        Rule.B10, "look at KvCache.fork()", FaultyCopies.backboneCaches(SelfForking::new));
  }

  @Test
  void cutsThatForgetNothingAreCaught() {
    models.assertCaught(
        Rule.B11, "look at KvCache.truncate()", FaultyCopies.backboneCaches(Unforgetting::new));
  }

  @Test
  void rowsThatChangePlacesAreCaught() {
    models.assertCaught(
        Rule.B12,
        "look at how rows are laid out",
        FaultyCopies.backbone(
            backend ->
                new WrongBackbone(backend) {
                  @Override
                  public Tensor evaluate(BackboneRequest request) {
                    try (Tensor right = real.evaluate(request)) {
                      return FaultyCopies.rowsReversed(backend, right);
                    }
                  }
                }));
  }

  @Test
  void resultsThatAreRememberedByWhatWentInAreCaught() {
    models.assertCaught(Rule.B13, "results that are remembered", remembering());
    models.assertCaught(Rule.S05, "results that are remembered by latents", remembering());
  }

  private static UnaryOperator<Backend> remembering() {
    return FaultyCopies.backbone(
        backend ->
            new WrongBackbone(backend) {
              private final Map<List<HostTensor>, HostTensor> remembered = new HashMap<>();

              @Override
              public Tensor evaluate(BackboneRequest request) {
                List<HostTensor> asked = request.embeddings().stream().map(Tensor::toHost).toList();
                if (!remembered.containsKey(asked)) {
                  try (Tensor hidden = real.evaluate(request)) {
                    remembered.put(asked, hidden.toHost());
                  }
                }
                return backend.upload(remembered.get(asked));
              }
            });
  }

  private static UnaryOperator<Backend> asking(UnaryOperator<BackboneRequest> other) {
    return FaultyCopies.backbone(
        backend ->
            new WrongBackbone(backend) {
              @Override
              BackboneRequest asked(BackboneRequest request) {
                return other.apply(request);
              }
            });
  }
}
