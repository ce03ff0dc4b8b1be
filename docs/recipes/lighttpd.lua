-- Twinlock behind lighttpd, for each request, after the password was checked and before the gate is asked: what Twinlock is told.
-- Part of docs/recipes/lighttpd.conf. Lines that end in "-- yours: NAME" are the ones to change.

-- Where mail goes, by name: a file with "return {" and one line each, ["alice"] = "alice@example.org", then "}". A person who is not
-- listed has no address: Twinlock still works for them, but a lost phone then needs the operator.
local addresses = "/etc/lighttpd/twinlock_addresses.lua"  -- yours: addresses

local r = lighty.r
local path = r.req_attr["uri.path"]
local page = path:find("/2fa/", 1, true) == 1

-- Only lighttpd itself asks the gate.
if path == "/2fa/gate" then return 404 end

-- The name goes along only where lighttpd has checked it: REMOTE_USER is mod_auth's word, never a header's.
local name = r.req_env["REMOTE_USER"]
if name and path ~= "/2fa/recover/confirm" then
  r.req_env["TWINLOCK_ACCOUNT"] = name
  if page then
    r.req_env["TWINLOCK_LABEL"] = name
    r.req_env["TWINLOCK_EMAIL"] = dofile(addresses)[name]
  end
end

-- What the log says of target and Referer: no token of a mailed link.
local referer = r.req_header["Referer"]
r.req_env["TWINLOCK_TARGET"] = page and path or r.req_attr["request.orig-uri"]
r.req_env["TWINLOCK_REFERER"] = referer and not referer:find("/2fa/", 1, true) and referer or "-"
return 0
