-- Twinlock behind lighttpd, for each answer before it leaves. Part of docs/recipes/lighttpd.conf.
local r = lighty.r
-- mod_fastcgi has split the path of Twinlock's pages after "/2fa".
local path = r.req_attr["uri.path"] .. (r.req_attr["request.path-info"] or "")
if path:sub(1, 5) == "/2fa/" then return 0 end

-- Refused by the gate: to the prompt, and from there back to where the person wanted to go. `next` is the last field, and takes the
-- target as it was sent, up to the end.
local prompt = r.resp_header["Twinlock-Location"]
if prompt then
  r.resp_header["Location"] = prompt .. "?next=" .. r.req_attr["request.orig-uri"]
else
  r.resp_header["Cache-Control"] = "private, no-cache"  -- a page behind the gate is not shown again after signing out
end
return 0
