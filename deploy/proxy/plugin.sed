# Converts nginx.conf to the recipe for NocoBase with the companion plugin, whose own sign-in page has to be shown:
#   sed -f plugin.sed nginx.conf
# A file in use can be changed in place, and keeps its names and certificates: sed -i.bak -f plugin.sed FILE
# Nothing redirects away from that page, …
/if (\$sign_in) {/,/}/d
# … so no loop has to be prevented, …
/add_header Set-Cookie /d
# … and no script is needed.
/location = \/sso-sign-in\.js {/,/^  }/d
/NocoBase's clients change to \/signin [a-z]* the page/d
/sub_filter /d
# The page says so if the gateway is down.
s#/signin?local=1;#/signin?local=1\&dingtalk_error=temporarily_unavailable;#
