# Makes of nginx.conf the recipe for NocoBase with the companion plugin, whose own sign-in page must show:
#   sed -f plugin.sed nginx.conf
# A file that is in use already can be changed in its place, names and certificates and all: sed -i.bak -f plugin.sed FILE
# Nothing leads away from that page, …
/if (\$sign_in) {/,/}/d
# … so nobody has to be kept from going round, …
/add_header Set-Cookie /d
# … and no script is needed.
/location = \/sso-sign-in\.js {/,/^  }/d
/NocoBase's clients change to \/signin inside the page/d
/sub_filter /d
# The page says why people are there when the gateway is away.
s#/signin?local=1;#/signin?local=1\&dingtalk_error=temporarily_unavailable;#
