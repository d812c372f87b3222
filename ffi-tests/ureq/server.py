"""A server that says its name: server.py NAME PORT [CERTIFICATE KEY]."""
import http.server
import ssl
import sys

name, port = sys.argv[1], int(sys.argv[2])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are written one after the other.
    disable_nagle_algorithm = True

    def do_GET(self):
        body = f"{name} as {self.headers['Host']}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    # A handshake that fails is no news here.
    def handle_error(self, *_):
        pass

    # In the thread of the connection: a client that says nothing keeps no other waiting.
    def finish_request(self, request, address):
        if len(sys.argv) > 3:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[3], sys.argv[4])
            request = context.wrap_socket(request, server_side=True)
        super().finish_request(request, address)


Server(("127.0.0.1", port), Handler).serve_forever()
