-- Twinlock behind lighttpd, for each answer before it leaves. Part of docs/recipes/lighttpd.conf.
local r = lighty.r

-- lighttpd got no answer from twinlockd, or none from the application: nobody passes, the status stays 503.
if r.req_item.http_status == 503 and r.resp_body.get:find("<title>503 Service Unavailable</title>", 1, true) then
  r.resp_header["Content-Type"] = "text/html; charset=utf-8"
  r.resp_body:set({ "<!doctype html><title>Not available</title><h1>Not available just now</h1>" ..
    "<p>This site, or the check of your second factor, does not answer, so nobody can be let in. Please try again in a minute.</p>" })
  return 503
end

if r.req_attr["uri.path"]:find("/2fa/", 1, true) == 1 then return 0 end

-- Refused by the gate: to the prompt, and from there back to where the person wanted to go. `next` is the last field, and takes the
-- target as it was sent, up to the end.
local prompt = r.resp_header["Twinlock-Location"]
if prompt then
  r.resp_header["Location"] = prompt .. "?next=" .. r.req_attr["request.orig-uri"]
else
  -- A page behind the gate is not shown again after signing out; what the application says of caching stays.
  local said = r.resp_header["Cache-Control"]
  r.resp_header["Cache-Control"] = (said and said ~= "" and said .. ", " or "") .. "private, no-cache"
end
return 0
