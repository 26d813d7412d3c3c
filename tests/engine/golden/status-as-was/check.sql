select status, sum(amount), count(distinct s.customer_id) from sales s left join customer c on s.customer_version = c.customer_version group by 1
