import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;

/** Lines of standard input, as two readers of Java find them. */
public class Lines {
    public static void main(String[] args) throws IOException {
        byte[] given = System.in.readAllBytes();
        List<String> buffered = new ArrayList<>();
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(new ByteArrayInputStream(given), StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            buffered.add(line);
        }
        List<String> scanned = new ArrayList<>();
        Scanner scanner = new Scanner(new ByteArrayInputStream(given), StandardCharsets.UTF_8);
        while (scanner.hasNextLine()) {
            scanned.add(scanner.nextLine());
        }
        System.out.println("{\"BufferedReader\":" + json(buffered) + ",\"Scanner\":" + json(scanned) + "}");
    }

    private static String json(List<String> lines) {
        StringBuilder out = new StringBuilder("[");
        for (String line : lines) {
            out.append(out.length() > 1 ? "," : "").append('"');
            for (char unit : line.toCharArray()) {
                out.append(String.format("\\u%04x", (int) unit));
            }
            out.append('"');
        }
        return out.append("]").toString();
    }
}
