@rem Runs the command line with the Java runtime beside it.
@"%~dp0java" %JAVA_OPTS% -jar "%~dp0..\app\showo2.jar" %*
