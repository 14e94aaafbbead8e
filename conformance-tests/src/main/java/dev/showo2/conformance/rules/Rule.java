package dev.showo2.conformance.rules;

import static dev.showo2.conformance.rules.Bound.AGAIN;
import static dev.showo2.conformance.rules.Bound.EXACT;
import static dev.showo2.conformance.rules.Bound.PIECES;
import static dev.showo2.conformance.rules.Bound.RUN;
import static dev.showo2.conformance.rules.Bound.STAGE;
import static dev.showo2.conformance.rules.Bound.TRAINING;
import static dev.showo2.conformance.rules.Level.MAY;
import static dev.showo2.conformance.rules.Level.MUST;
import static dev.showo2.conformance.rules.Level.SHOULD;

import java.util.Arrays;
import java.util.Optional;
import org.apiguardian.api.API;

/** The rules, in one line of intent each. Numbers are never used again for another rule. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Rule {
  /** V-01: An image becomes the mean and log-variance that the reference computes. */
  V01(MUST, STAGE, "An image becomes the mean and log-variance that the reference computes."),
  /** V-02: Sizes other than the checkpoint's own are encoded and decoded as well. */
  V02(MUST, STAGE, "Sizes other than the checkpoint's own are encoded and decoded as well."),
  /**
   * V-03: A video is encoded in chunks of 1, 4, 4, … frames, each with the state of those before
   * it.
   */
  V03(
      MUST,
      STAGE,
      "A video is encoded in chunks of 1, 4, 4, … frames, each with the state of those before it."),
  /** V-04: Latents of an image become the reference's pixels, which are not clamped. */
  V04(MUST, STAGE, "Latents of an image become the reference's pixels, which are not clamped."),
  /**
   * V-05: A video is decoded latent frame by latent frame, each with the state of those before it.
   */
  V05(
      MUST,
      STAGE,
      "A video is decoded latent frame by latent frame, each with the state of those before it."),
  /** V-06: The log-variance is neither normalized nor clamped, unlike the mean. */
  V06(MUST, STAGE, "The log-variance is neither normalized nor clamped, unlike the mean."),
  /** V-07: An image is what the first frame of a video is. */
  V07(MUST, STAGE, "An image is what the first frame of a video is."),
  /** V-08: Streams do not see each other. */
  V08(MUST, AGAIN, "Streams do not see each other."),
  /** V-09: The rows of a batch do not mix. */
  V09(MUST, PIECES, "The rows of a batch do not mix."),

  /** F-01: An image becomes the tokens that the reference computes. */
  F01(MUST, STAGE, "An image becomes the tokens that the reference computes."),
  /** F-02: The frames of a video are fused one by one and stand in their order. */
  F02(MUST, STAGE, "The frames of a video are fused one by one and stand in their order."),
  /** F-03: Positions are interpolated where the grid is not the checkpoint's own. */
  F03(MUST, STAGE, "Positions are interpolated where the grid is not the checkpoint's own."),
  /** F-04: Fused tokens are resized bilinearly, without aligned corners. */
  F04(MUST, STAGE, "Fused tokens are resized bilinearly, without aligned corners."),
  /** F-05: The rows of a batch do not mix. */
  F05(MUST, PIECES, "The rows of a batch do not mix."),
  /** F-06: Large and small latents too: the two kinds of GELU and the norms stay what they are. */
  F06(
      MUST,
      STAGE,
      "Large and small latents too: the two kinds of GELU and the norms stay what they are."),

  /** B-01: Text becomes the hidden states that the reference computes. */
  B01(MUST, STAGE, "Text becomes the hidden states that the reference computes."),
  /** B-02: In a causal segment no position sees a later one. */
  B02(MUST, STAGE, "In a causal segment no position sees a later one."),
  /** B-03: In a full segment every position sees the whole segment and all before it. */
  B03(MUST, STAGE, "In a full segment every position sees the whole segment and all before it."),
  /** B-04: Text and images in turn become what the reference computes. */
  B04(MUST, STAGE, "Text and images in turn become what the reference computes."),
  /** B-05: Positions count on from the length of the cache. */
  B05(MUST, STAGE, "Positions count on from the length of the cache."),
  /** B-06: Positions far along the sequence are told apart as exactly as near ones. */
  B06(MUST, STAGE, "Positions far along the sequence are told apart as exactly as near ones."),
  /** B-07: A causal segment may be appended in chunks. */
  B07(MUST, PIECES, "A causal segment may be appended in chunks."),
  /** B-08: The parts of a segment are joined in their order. */
  B08(MUST, PIECES, "The parts of a segment are joined in their order."),
  /** B-09: Evaluating gives what appending gives and leaves the cache as it was. */
  B09(MUST, PIECES, "Evaluating gives what appending gives and leaves the cache as it was."),
  /** B-10: A fork and its original go their own ways. */
  B10(MUST, PIECES, "A fork and its original go their own ways."),
  /** B-11: Truncating forgets what came after, and nothing else. */
  B11(MUST, PIECES, "Truncating forgets what came after, and nothing else."),
  /** B-12: The rows of a batch do not mix. */
  B12(MUST, PIECES, "The rows of a batch do not mix."),
  /** B-13: What happens to one cache does not matter to another. */
  B13(MUST, STAGE, "What happens to one cache does not matter to another."),
  /** B-14: Small embeddings too: the norms have the model's epsilon. */
  B14(MUST, STAGE, "Small embeddings too: the norms have the model's epsilon."),
  /** B-15: Several segments in one call give what each gives alone. */
  B15(MUST, PIECES, "Several segments in one call give what each gives alone."),
  /** B-16: Hidden states stay as they are, whatever is computed after them. */
  B16(MUST, EXACT, "Hidden states stay as they are, whatever is computed after them."),

  /** L-01: Token ids become rows of the embedding matrix. */
  L01(MUST, STAGE, "Token ids become rows of the embedding matrix."),
  /** L-02: Hidden states become the logits of the reference, with the right matrix. */
  L02(MUST, STAGE, "Hidden states become the logits of the reference, with the right matrix."),
  /** L-03: The last position alone has the logits that it has among all. */
  L03(MUST, PIECES, "The last position alone has the logits that it has among all."),
  /** L-04: Ids outside the vocabulary are refused with InvalidRequestException. */
  L04(MUST, EXACT, "Ids outside the vocabulary are refused with InvalidRequestException."),
  /** L-05: The rows of a batch do not mix. */
  L05(MUST, PIECES, "The rows of a batch do not mix."),

  /** H-01: A time becomes the vector and the token that the reference computes. */
  H01(MUST, STAGE, "A time becomes the vector and the token that the reference computes."),
  /** H-02: Times a little outside 0 … 1 are not clamped: adaptive solvers ask for them. */
  H02(MUST, STAGE, "Times a little outside 0 … 1 are not clamped: adaptive solvers ask for them."),
  /** H-03: The span of an image becomes the velocities that the reference computes. */
  H03(MUST, STAGE, "The span of an image becomes the velocities that the reference computes."),
  /** H-04: A finished image before it keeps the time at which it stands. */
  H04(MUST, STAGE, "A finished image before it keeps the time at which it stands."),
  /** H-05: Text is not modulated. */
  H05(MUST, STAGE, "Text is not modulated."),
  /** H-06: Positions far along the sequence turn as llama3 scaling has it. */
  H06(MUST, STAGE, "Positions far along the sequence turn as llama3 scaling has it."),
  /** H-07: Every position of the span sees the whole span, text sees no later text. */
  H07(MUST, STAGE, "Every position of the span sees the whole span, text sees no later text."),
  /** H-08: Shift, scale and gate act in their order, whatever the time. */
  H08(MUST, STAGE, "Shift, scale and gate act in their order, whatever the time."),
  /** H-09: Asking for a velocity leaves the cache as it was. */
  H09(MUST, PIECES, "Asking for a velocity leaves the cache as it was."),
  /** H-10: A fork and its original go their own ways, and truncating forgets. */
  H10(MUST, PIECES, "A fork and its original go their own ways, and truncating forgets."),
  /** H-11: The rows of a batch do not mix, each has its own time. */
  H11(MUST, PIECES, "The rows of a batch do not mix, each has its own time."),
  /** H-12: Text may be appended in chunks. */
  H12(MUST, PIECES, "Text may be appended in chunks."),
  /** H-13: The time token has no velocity: of 1 + L positions L come back. */
  H13(MUST, EXACT, "The time token has no velocity: of 1 + L positions L come back."),
  /** H-14: Several spans in one call give what each gives alone. */
  H14(MUST, PIECES, "Several spans in one call give what each gives alone."),
  /** H-15: Hidden states that come again with another time give the velocity of that time. */
  H15(
      MUST,
      STAGE,
      "Hidden states that come again with another time give the velocity of that time."),

  /** S-01: The times of the sampler are those of the reference. */
  S01(MUST, STAGE, "The times of the sampler are those of the reference."),
  /** S-02: Tokens are drawn from the probabilities of the reference. */
  S02(MUST, STAGE, "Tokens are drawn from the probabilities of the reference."),
  /** S-03: Latents are drawn from mean and log-variance as the reference draws them. */
  S03(MUST, STAGE, "Latents are drawn from mean and log-variance as the reference draws them."),
  /** S-04: Every solver goes the reference's way through time. */
  S04(MUST, RUN, "Every solver goes the reference's way through time."),
  /** S-05: Both branches of guidance get velocities of their own. */
  S05(MUST, STAGE, "Both branches of guidance get velocities of their own."),
  /** S-06: A denoising step gives what its stages and guidance give one by one. */
  S06(MUST, RUN, "A denoising step gives what its stages and guidance give one by one."),

  /** P-01: Prompts are laid out as the reference lays them out. */
  P01(MUST, EXACT, "Prompts are laid out as the reference lays them out."),
  /** P-02: Images are prepared as the reference prepares them. */
  P02(MUST, EXACT, "Images are prepared as the reference prepares them."),
  /** P-03: A prompt becomes the image that the reference draws. */
  P03(MUST, RUN, "A prompt becomes the image that the reference draws."),
  /** P-04: The latents of a video get the velocities that the reference computes. */
  P04(MUST, STAGE, "The latents of a video get the velocities that the reference computes."),
  /** P-05: A prompt, or a first frame, becomes the reference's video. */
  P05(MUST, RUN, "A prompt, or a first frame, becomes the reference's video."),
  /** P-06: Questions on images get the reference's answers. */
  P06(MUST, RUN, "Questions on images get the reference's answers."),
  /** P-07: Questions on videos get the reference's answers. */
  P07(MUST, RUN, "Questions on videos get the reference's answers."),
  /** P-08: A text goes on as the reference goes on. */
  P08(MUST, RUN, "A text goes on as the reference goes on."),
  /** P-09: Text and images in turn are continued as the reference continues them. */
  P09(MUST, RUN, "Text and images in turn are continued as the reference continues them."),
  /** P-10: A request that is cancelled leaves nothing open, and the next one is as ever. */
  P10(MUST, AGAIN, "A request that is cancelled leaves nothing open, and the next one is as ever."),
  /** P-11: A request that fails in the backend leaves nothing open, and the next is as ever. */
  P11(
      MUST,
      AGAIN,
      "A request that fails in the backend leaves nothing open, and the next is as ever."),
  /** P-12: Requests beside each other give what they give one after the other. */
  P12(MUST, AGAIN, "Requests beside each other give what they give one after the other."),

  /** P-13: Other tasks, which later versions of the kit may know, come out as the reference's. */
  P13(
      MAY,
      RUN,
      "Other tasks, which later versions of the kit may know, come out as the reference's."),
  /** P-14: With each approximation of a flow, prompt and guidance decide as in the reference. */
  P14(
      MUST,
      RUN,
      "With each approximation of a flow, prompt and guidance decide as in the reference."),
  /** P-15: Requests that reuse results and take turns give what they give alone. */
  P15(MUST, AGAIN, "Requests that reuse results and take turns give what they give alone."),

  /** The provider is found by its id, presents itself, and its probe never throws. */
  R01(MUST, EXACT, "The provider is found by its id, presents itself, and its probe never throws."),
  /** An absent stage throws UnsupportedFeatureException, a present one does not. */
  R02(MUST, EXACT, "An absent stage throws UnsupportedFeatureException, a present one does not."),
  /** Unknown devices and options are refused with UnsupportedFeatureException. */
  R03(MUST, EXACT, "Unknown devices and options are refused with UnsupportedFeatureException."),
  /** Closing a second time does nothing. */
  R04(MUST, EXACT, "Closing a second time does nothing."),
  /** Using what is closed throws IllegalStateException. */
  R05(MUST, EXACT, "Using what is closed throws IllegalStateException."),
  /** What belongs elsewhere is refused with IllegalArgumentException. */
  R06(MUST, EXACT, "What belongs elsewhere is refused with IllegalArgumentException."),
  /** Misshapen tensors are refused with IllegalArgumentException and harm nothing. */
  R07(MUST, EXACT, "Misshapen tensors are refused with IllegalArgumentException and harm nothing."),
  /** Opening a damaged bundle fails with the exact exception and leaves nothing open. */
  R08(
      MUST,
      EXACT,
      "Opening a damaged bundle fails with the exact exception and leaves nothing open."),
  /** Values go up and come back as they were, and buffers are used as documented. */
  R09(MUST, STAGE, "Values go up and come back as they were, and buffers are used as documented."),
  /** A result outlives what it was made of. */
  R10(MUST, EXACT, "A result outlives what it was made of."),
  /** Every call keeps the contract of the SPI: shapes, lengths, exceptions. */
  R11(MUST, EXACT, "Every call keeps the contract of the SPI: shapes, lengths, exceptions."),
  /** Stages serve several threads at once. */
  R12(MUST, AGAIN, "Stages serve several threads at once."),
  /** The same call gives the same values again. */
  R13(MUST, AGAIN, "The same call gives the same values again."),
  /** The same call gives the same bits again. */
  R14(SHOULD, EXACT, "The same call gives the same bits again."),
  /** Memory outside the heap stays flat over many runs. */
  R15(MUST, EXACT, "Memory outside the heap stays flat over many runs."),
  /** Opening and closing leaves no file open and no thread running. */
  R16(SHOULD, EXACT, "Opening and closing leaves no file open and no thread running."),
  /** Opening a backend changes no system property. */
  R17(SHOULD, EXACT, "Opening a backend changes no system property."),
  /** Values are held in another element type; reading gives 32-bit floats. */
  R18(MAY, STAGE, "Values are held in another element type; reading gives 32-bit floats."),
  /** No native library is loaded before probe or open. */
  R19(MUST, "No native library is loaded before probe or open.", "it needs a JVM of its own"),
  /** Nothing is sent over the network. */
  R20(MUST, "Nothing is sent over the network.", "it needs a machine that watches its network"),
  /** A lack of memory is InsufficientMemoryException. */
  R21(
      SHOULD,
      "A lack of memory is InsufficientMemoryException.",
      "it cannot be brought about safely"),
  /**
   * A bundle in a precision that is not offered is refused with UnsupportedFeatureException.
   */
  R22(
      MUST,
      EXACT,
      "A bundle in a precision that is not offered is refused with UnsupportedFeatureException."),

  /** T-01: A run of many steps has the losses, norms, rates and weights of the official code. */
  T01(
      MAY,
      TRAINING,
      "A run of many steps has the losses, norms, rates and weights of the official code."),
  /** T-02: Texts and conversations become the rows of the official code. */
  T02(MAY, EXACT, "Texts and conversations become the rows of the official code."),
  /** T-03: A step has the losses and gradients of the official code. */
  T03(MAY, TRAINING, "A step has the losses and gradients of the official code."),
  /** T-04: Times are shifted by the number of tokens as in the official code. */
  T04(MAY, TRAINING, "Times are shifted by the number of tokens as in the official code."),
  /** T-05: Position i predicts the label of position i + 1. */
  T05(MAY, TRAINING, "Position i predicts the label of position i + 1."),
  /** T-06: Positions without a label count for no loss, those of images included. */
  T06(MAY, EXACT, "Positions without a label count for no loss, those of images included."),
  /** T-07: The position of the time has no velocity and counts for no flow loss. */
  T07(MAY, EXACT, "The position of the time has no velocity and counts for no flow loss."),
  /** T-08: Epsilon is added to the corrected root, and not within it. */
  T08(MAY, TRAINING, "Epsilon is added to the corrected root, and not within it."),
  /** T-09: Decay is apart from gradients: zero ones do not stop it, missing ones do. */
  T09(MAY, TRAINING, "Decay is apart from gradients: zero ones do not stop it, missing ones do."),
  /** T-10: Gradients are clipped by the norm of those of trained weights alone. */
  T10(MAY, TRAINING, "Gradients are clipped by the norm of those of trained weights alone."),
  /** T-11: What is in no group stays as it is, and is not part of the norm. */
  T11(MAY, EXACT, "What is in no group stays as it is, and is not part of the norm."),
  /** T-12: A slot without an image overwrites the embedding of position 0. */
  T12(MAY, TRAINING, "A slot without an image overwrites the embedding of position 0."),
  /** T-13: Each image of a row has its own time. */
  T13(MAY, TRAINING, "Each image of a row has its own time."),
  /** T-14: The losses of micro-batches are divided by their number. */
  T14(MAY, TRAINING, "The losses of micro-batches are divided by their number."),
  /** T-15: Without labels, or without masked positions, that loss is 0 and never NaN. */
  T15(MAY, TRAINING, "Without labels, or without masked positions, that loss is 0 and never NaN."),
  /** T-16: A matrix that is used twice gets the gradients of both uses. */
  T16(MAY, TRAINING, "A matrix that is used twice gets the gradients of both uses."),
  /** T-17: Saved weights, moments and number of updates go on to the same bits. */
  T17(MAY, EXACT, "Saved weights, moments and number of updates go on to the same bits."),
  /** T-18: A closed model refuses calls with IllegalStateException. */
  T18(MAY, EXACT, "A closed model refuses calls with IllegalStateException."),
  /**
   * T-19: A batch that does not fit is refused with InvalidRequestException and leaves no gradient.
   */
  T19(
      MAY,
      EXACT,
      "A batch that does not fit is refused with InvalidRequestException and leaves no gradient."),
  /** T-20: Distillation has the mean of −log cos over all positions, and finite gradients of it. */
  T20(
      MAY,
      TRAINING,
      "Distillation has the mean of −log cos over all positions, and finite gradients of it.");

  private final Level level;
  private final Optional<Bound> bound;
  private final String sentence;
  private final Optional<String> untestable;

  Rule(Level level, Bound bound, String sentence) {
    this.level = level;
    this.bound = Optional.of(bound);
    this.sentence = sentence;
    this.untestable = Optional.empty();
  }

  Rule(Level level, String sentence, String untestable) {
    this.level = level;
    this.bound = Optional.empty();
    this.sentence = sentence;
    this.untestable = Optional.of(untestable);
  }

  /** {@return such as {@code B-03}} */
  public String id() {
    return name().charAt(0) + "-" + name().substring(1);
  }

  /** {@return the chapter of the rule book} */
  public Chapter chapter() {
    return Chapter.valueOf(name().substring(0, 1));
  }

  /** {@return how binding the rule is} */
  public Level level() {
    return level;
  }

  /** {@return the intent, in one line} */
  public String sentence() {
    return sentence;
  }

  /** {@return how it is judged; absent if it cannot be tested} */
  public Optional<Bound> bound() {
    return bound;
  }

  /** {@return why the kit cannot test it} */
  public Optional<String> untestable() {
    return untestable;
  }

  /**
   * Finds a rule by its number.
   *
   * @param id such as {@code B-03}
   * @return the rule, or empty if there is none
   */
  public static Optional<Rule> of(String id) {
    return Arrays.stream(values()).filter(rule -> rule.id().equals(id)).findFirst();
  }

  @Override
  public String toString() {
    return id();
  }
}
