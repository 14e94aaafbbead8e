package dev.showo2.conformance.report;

import dev.showo2.stage.Stage;
import java.time.Duration;
import org.apiguardian.api.API;

/**
 * The time that one stage of the backend took in the whole run.
 *
 * @param calls of the stage
 * @param time of all calls together, until they returned
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StageTime(Stage stage, long calls, Duration time) {}
