import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Runs DynamoDB Local on 127.0.0.1 (its own main listens on every interface), on a port that the system picks, and
 * ends when standard input closes, so that it cannot outlive the program that started it. That program may still
 * need it after Ctrl+C, which reaches both, so the interrupt is ignored here.
 */
public final class LoopbackDynamo {
    public static void main(String[] args) throws Exception {
        Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN);
        var runner = Class.forName("com.amazonaws.services.dynamodbv2.local.main.ServerRunner");
        var proxy = runner.getMethod("createServerFromCommandLineArgs", String[].class).invoke(null, (Object) args);

        // The Jetty server is a private field, and the command line knows no address to bind to.
        var field = proxy.getClass().getDeclaredField("server");
        field.setAccessible(true);
        var connector = ((Object[]) call(field.get(proxy), "getConnectors"))[0];
        connector.getClass().getMethod("setHost", String.class).invoke(connector, "127.0.0.1");
        connector.getClass().getMethod("setPort", int.class).invoke(connector, 0);

        call(proxy, "start");
        System.out.println("ready " + call(connector, "getLocalPort"));

        while (System.in.read() >= 0) { }
        System.exit(0);
    }

    private static Object call(Object target, String method) throws Exception {
        return target.getClass().getMethod(method).invoke(target);
    }
}
