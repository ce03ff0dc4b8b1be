// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/otpauth.hpp"

#include <openssl/mem.h>
#include <qrencode.h>

#include <memory>

#include "adapters/text/encoding.hpp"

namespace twinlock::http {
namespace {

constexpr std::size_t quiet_modules = 4;
constexpr std::size_t group_symbols = 4;

struct FreeQr {
  void operator()(QRcode* code) const {
    OPENSSL_cleanse(code->data,
                    static_cast<std::size_t>(code->width) * static_cast<std::size_t>(code->width));
    QRcode_free(code);
  }
};

// One rectangle for each run of dark modules in a row.
void draw_row(std::string& path, const unsigned char* row, std::size_t width, std::size_t y) {
  for (std::size_t x = 0; x < width;) {
    std::size_t end = x;
    while (end < width && (row[end] & 1U) != 0) ++end;
    if (end == x) {
      ++x;
      continue;
    }
    const std::string length = std::to_string(end - x);
    path.append("M").append(std::to_string(x + quiet_modules));
    path.append(" ").append(std::to_string(y + quiet_modules));
    path.append("h").append(length).append("v1h-").append(length).append("z");
    x = end;
  }
}

}  // namespace

std::string otpauth_uri(const Secret& secret, std::string_view issuer, std::string_view label) {
  const std::string name = text::percent_encode(issuer);
  return "otpauth://totp/" + name + ":" + text::percent_encode(label) +
         "?secret=" + text::to_base32(secret.b) + "&issuer=" + name +
         "&algorithm=SHA1&digits=" + std::to_string(code_digits) + "&period=" + std::to_string(step_s);
}

std::string grouped_key(const Secret& secret) {
  const std::string key = text::to_base32(secret.b);
  std::string out;
  for (std::size_t i = 0; i < key.size(); i += group_symbols) {
    if (i > 0) out += ' ';
    out += key.substr(i, group_symbols);
  }
  return out;
}

Qr draw_qr(std::string_view text) {
  const std::unique_ptr<QRcode, FreeQr> code(QRcode_encodeData(
      static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M));
  if (!code) return {};
  const auto width = static_cast<std::size_t>(code->width);
  Qr qr;
  qr.size = width + 2 * quiet_modules;
  qr.view_box = "0 0 " + std::to_string(qr.size) + " " + std::to_string(qr.size);
  for (std::size_t y = 0; y < width; ++y) draw_row(qr.path, code->data + y * width, width, y);
  return qr;
}

std::string qr_svg(std::string_view text) {
  const Qr qr = draw_qr(text);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"" + qr.view_box +
         "\" shape-rendering=\"crispEdges\">" + "<path fill=\"#fff\" d=\"M0 0h" + std::to_string(qr.size) +
         "v" + std::to_string(qr.size) + "H0z\"/>" + "<path fill=\"#000\" d=\"" + qr.path + "\"/></svg>";
}

}  // namespace twinlock::http
